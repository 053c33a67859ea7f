package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.filters.limit.TokenBucket;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Only so many requests in a while, on real sockets; a bucket is filled once an hour, i.e. never. */
class LocalRateLimitFilterTest {

    private final FakeUpstream upstream = FakeUpstream.named("up");

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static io.envoyproxy.envoy.type.v3.TokenBucket bucket(int tokens) {
        return io.envoyproxy.envoy.type.v3.TokenBucket.newBuilder()
                .setMaxTokens(tokens)
                .setFillInterval(Duration.newBuilder().setSeconds(3600))
                .build();
    }

    private static LocalRateLimit.Builder limit(int tokens) {
        return LocalRateLimit.newBuilder()
                .setStatPrefix("shop")
                .setTokenBucket(bucket(tokens))
                .setFilterEnabled(percent(100))
                .setFilterEnforced(percent(100));
    }

    private static RuntimeFractionalPercent percent(int numerator) {
        return RuntimeFractionalPercent.newBuilder()
                .setDefaultValue(FractionalPercent.newBuilder().setNumerator(numerator))
                .build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }

    private FilterProxy proxy(LocalRateLimit.Builder limit) {
        return FilterProxy.with(upstream.address(), new LocalRateLimitFilter(), limit.build())
                .start();
    }

    @Test
    void requestsBeyondTheBucket_are429_andCounted() throws Exception {
        try (FilterProxy proxy = proxy(limit(2).addResponseHeadersToAdd(header("x-limited-for", "%REQ(:PATH)%"))
                .setEnableXRatelimitHeaders(XRateLimitHeadersRFCVersion.DRAFT_VERSION_03))) {
            HttpResponse<String> first = proxy.get("/");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("x-ratelimit-limit")).hasValue("2");
            assertThat(first.headers().firstValue("x-ratelimit-remaining")).hasValue("1");
            assertThat(Long.parseLong(
                            first.headers().firstValue("x-ratelimit-reset").orElseThrow()))
                    .isBetween(3590L, 3600L);
            proxy.get("/");
            HttpResponse<String> third = proxy.get("/cart");
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).isEqualTo("local_rate_limited");
            assertThat(third.headers().firstValue("x-limited-for")).hasValue("/cart");
            assertThat(third.headers().firstValue("x-ratelimit-remaining")).hasValue("0");
            assertThat(upstream.received()).hasSize(2);
            assertThat(proxy.metric("envoy_http_local_rate_limit_ok")).isEqualTo(2);
            assertThat(proxy.metric("envoy_http_local_rate_limit_enforced")).isEqualTo(1);
        }
    }

    @Test
    void limitThatIsNotEnforced_countsAndMarks() throws Exception {
        try (FilterProxy proxy = proxy(limit(1).setFilterEnforced(percent(0))
                .addRequestHeadersToAddWhenNotEnforced(header("x-over", "yes")))) {
            proxy.get("/");
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(upstream.received().get(1).header("X-over")).isEqualTo("yes");
            assertThat(proxy.metric("envoy_http_local_rate_limit_rate_limited")).isEqualTo(1);
            assertThat(proxy.metric("envoy_http_local_rate_limit_enforced")).isZero();
        }
    }

    @Test
    void limitThatIsNotEnabled_doesNothing() throws Exception {
        try (FilterProxy proxy = proxy(limit(1).clearFilterEnabled())) {
            for (int i = 0; i < 3; i++) {
                assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void bucketOfAConnection_isItsOwn() throws Exception {
        try (FilterProxy proxy = proxy(limit(1).setLocalRateLimitPerDownstreamConnection(true))) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = proxy.raw()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readTo("\r\nup")).startsWith("HTTP/1.1 200");
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readTo("local_rate_limited")).startsWith("HTTP/1.1 429");
                }
            }
        }
    }

    @Test
    void descriptor_hasABucketForItsRequests() throws Exception {
        LocalRateLimit.Builder byTenant = limit(100)
                .addRateLimits(RateLimit.newBuilder()
                        .addActions(RateLimit.Action.newBuilder()
                                .setRequestHeaders(RateLimit.Action.RequestHeaders.newBuilder()
                                        .setHeaderName("x-tenant")
                                        .setDescriptorKey("tenant"))))
                .addDescriptors(LocalRateLimitDescriptor.newBuilder()
                        .addEntries(RateLimitDescriptor.Entry.newBuilder()
                                .setKey("tenant")
                                .setValue("small"))
                        .setTokenBucket(bucket(1)));
        try (FilterProxy proxy = proxy(byTenant)) {
            assertThat(proxy.get("/", "x-tenant", "small").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/", "x-tenant", "small").statusCode()).isEqualTo(429);
            assertThat(proxy.get("/", "x-tenant", "large").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void route_hasABucketOfItsOwn() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(
                        upstream.address(),
                        new LocalRateLimitFilter(),
                        LocalRateLimit.newBuilder().setStatPrefix("none").build())
                .special(new LocalRateLimitFilter(), limit(1).build())
                .start()) {
            assertThat(proxy.get("/special").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/special").statusCode()).isEqualTo(429);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void bucket_isSharedByThreadsWithoutLosingOrMakingTokens() throws Exception {
        TokenBucket bucket = new TokenBucket(1000, 1, 3_600_000_000_000L);
        AtomicInteger taken = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 1000; j++) {
                    taken.addAndGet(bucket.take(0) ? 1 : 0);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(1000);
    }

    @Test
    void bucket_isFilledByTheIntervalAndNeverBeyondItsSize() {
        TokenBucket bucket = new TokenBucket(3, 2, 1_000_000_000L);
        long second = 1_000_000_000L;
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(5)).isTrue();
        }
        assertThat(bucket.take(second)).isFalse();
        assertThat(bucket.take(second + 5)).isTrue();
        assertThat(bucket.take(second + 5)).isTrue();
        assertThat(bucket.take(second + 5)).isFalse();
        assertThat(bucket.secondsToFill(second + 6)).isEqualTo(1);
        assertThat(bucket.remaining(1000 * second)).isEqualTo(3);
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(new LocalRateLimitFilter(), LocalRateLimit.getDefaultInstance()))
                .isEqualTo("stat_prefix: must not be empty");
        assertThat(FilterProxy.refusal(
                        new LocalRateLimitFilter(),
                        limit(1).setTokenBucket(bucket(1).toBuilder()
                                        .setFillInterval(Duration.newBuilder().setNanos(1_000_000))
                                        .setTokensPerFill(UInt32Value.of(1)))
                                .build()))
                .isEqualTo("token_bucket.fill_interval: must be 50 ms or more");
    }
}
