package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import io.netty.buffer.ByteBuf;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a filter can do to an exchange. */
class FilterTest {

    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Notes its calls under a name and lets everything pass. */
    private final class Noting implements HttpFilter {

        private final String name;

        Noting(String name) {
            this.name = name;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            calls.add(name + " request");
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            calls.add(name + " response " + head.status());
            head.headers().add("x-" + name, "seen");
            return Verdict.NEXT;
        }

        @Override
        public void onComplete(Exchange exchange) {
            calls.add(name + " complete");
        }
    }

    /** Answers LATER to every hook and goes on a little later. */
    private static final class Slow implements HttpFilter {

        private static Verdict later(Exchange exchange, Runnable resume) {
            var ignored = exchange.loop().schedule(resume, 5, TimeUnit.MILLISECONDS);
            return Verdict.LATER;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return later(exchange, () -> exchange.requestFlow().resume(this, Verdict.NEXT));
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return later(exchange, () -> exchange.requestFlow().resume(this, Verdict.NEXT));
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            return later(exchange, () -> exchange.responseFlow().resume(this, Verdict.NEXT));
        }

        @Override
        public Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return later(exchange, () -> exchange.responseFlow().resume(this, Verdict.NEXT));
        }
    }

    private static final class Refusing implements HttpFilter {
        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return new Verdict.Reply(new Failure.Refused(413, "too_large", "too large", null));
        }
    }

    private static RunningProxy proxy(FakeUpstream upstream, NamedFilter... chain) {
        return new RunningProxy(new Config()
                .filters(chain)
                .cluster("a", upstream.address())
                .route("/", "a")
                .http());
    }

    @Test
    void filters_seeTheRequestInOrderAndTheResponseInReverse() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = proxy(
                        upstream,
                        new NamedFilter("one", () -> new Noting("one")),
                        new NamedFilter("two", () -> new Noting("two")),
                        Config.ROUTER)) {
            HttpResponse<String> response = proxy.get("/");
            proxy.logLines(1);

            assertThat(response.headers().map()).containsKeys("x-one", "x-two");
            assertThat(calls)
                    .containsExactly(
                            "one request",
                            "two request",
                            "two response 200",
                            "one response 200",
                            "one complete",
                            "two complete");
        }
    }

    @Test
    void localReplies_passTheResponseFiltersToo() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                .filters(new NamedFilter("one", () -> new Noting("one")), Config.ROUTER)
                .http())) {
            assertThat(proxy.get("/").headers().firstValue("x-one")).hasValue("seen");
        }
    }

    @Test
    void filterThatWaits_holdsTheStreamAndLosesNothing() throws Exception {
        String body = "0123456789".repeat(200_000);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, request.text()));
                RunningProxy proxy = proxy(upstream, new NamedFilter("slow", Slow::new), Config.ROUTER)) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).POST(HttpRequest.BodyPublishers.ofString(body)));

            assertThat(response.body()).isEqualTo(body);
        }
    }

    @Test
    void filterThatRefusesTheBody_answersAndTheUpstreamGetsNothingWhole() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = proxy(upstream, new NamedFilter("refusing", Refusing::new), Config.ROUTER);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");

            assertThat(client.readTo("too large")).startsWith("HTTP/1.1 413");
            assertThat(proxy.logLines(1).getFirst()).contains("\"details\":\"too_large\"", "\"status\":413");
            assertThat(upstream.received()).isEmpty();
        }
    }

    @Test
    void chainWithoutRouter_is500() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                .filters(new NamedFilter("one", () -> new Noting("one")))
                .route("/", "a")
                .http())) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(500);
        }
    }
}
