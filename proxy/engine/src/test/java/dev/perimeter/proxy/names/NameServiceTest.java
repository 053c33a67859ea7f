package dev.perimeter.proxy.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.names.NamedEndpoints.Family;
import dev.perimeter.proxy.names.NamedEndpoints.Refresh;
import dev.perimeter.proxy.testkit.FakeNameServer;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameServiceTest {

    private static final Refresh OFTEN = refresh(Duration.ofMillis(20), false);
    private static final Refresh NEVER_AGAIN = refresh(Duration.ofHours(1), false);

    private final FakeNameServer server = FakeNameServer.start();
    private final AtomicInteger changes = new AtomicInteger();
    private final NameService names = new NameService(new SplittableRandom(1), changes::incrementAndGet);

    @AfterEach
    void stop() {
        names.close();
        server.close();
    }

    private static Refresh refresh(Duration rate, boolean byTtl) {
        return new Refresh(rate, rate, rate, byTtl, Duration.ZERO);
    }

    private NamedEndpoints strict(Family family, Refresh refresh, String... hosts) {
        return named(true, family, refresh, hosts);
    }

    private NamedEndpoints named(boolean every, Family family, Refresh refresh, String... hosts) {
        List<Endpoint> templates = new ArrayList<>();
        for (String host : hosts) {
            templates.add(new Endpoint(InetSocketAddress.createUnresolved(host, 8080), 1, true));
        }
        return new NamedEndpoints(
                new EndpointSet("c", List.copyOf(templates)), every, family, refresh, List.of(server.address()));
    }

    /** What is known once every name was asked for. */
    private List<String> first(NamedEndpoints wanted) throws Exception {
        names.follow(Set.of(wanted)).get(10, TimeUnit.SECONDS);
        return known(wanted);
    }

    private List<String> known(NamedEndpoints wanted) {
        return names.endpoints(wanted).endpoints().stream()
                .map(endpoint -> endpoint.hostname() + "="
                        + endpoint.address().getAddress().getHostAddress() + ":"
                        + endpoint.address().getPort())
                .toList();
    }

    @Test
    void strictName_isAnEndpointForEachOfItsAddresses() throws Exception {
        server.say("pay.test", 60, "127.0.0.3", "127.0.0.2").say("more.test", 60, "127.0.0.4", "127.0.0.2");

        assertThat(first(strict(Family.V4_ONLY, NEVER_AGAIN, "pay.test", "more.test")))
                .containsExactly("pay.test=127.0.0.2:8080", "pay.test=127.0.0.3:8080", "more.test=127.0.0.4:8080");
        assertThat(server.questions("pay.test")).isOne();
    }

    @Test
    void endpointOfAName_isChosenByAllThatWasSaidOfIt() throws Exception {
        server.say("pay.test", 60, "127.0.0.2");
        Endpoint template = new Endpoint(InetSocketAddress.createUnresolved("pay.test", 8080), 3, true)
                .with(Map.of("stage", "canary"))
                .chosenBy(Map.of("tls", "own"));
        NamedEndpoints wanted = new NamedEndpoints(
                new EndpointSet("c", List.of(template)), true, Family.V4_ONLY, NEVER_AGAIN, List.of(server.address()));
        first(wanted);

        assertThat(names.endpoints(wanted).endpoints())
                .containsExactly(template.found(new InetSocketAddress("127.0.0.2", 8080), "pay.test"));
        assertThat(names.endpoints(wanted).endpoints().getFirst().transportMetadata())
                .isEqualTo(Map.of("tls", "own"));
    }

    @Test
    void family_saysWhichAddressesWillDo() throws Exception {
        server.say("both.test", 60, "127.0.0.2", "fd00::2").say("four.test", 60, "127.0.0.4");

        assertThat(first(strict(Family.V4_ONLY, NEVER_AGAIN, "both.test"))).containsExactly("both.test=127.0.0.2:8080");
        assertThat(first(strict(Family.V6_ONLY, NEVER_AGAIN, "both.test")))
                .containsExactly("both.test=fd00:0:0:0:0:0:0:2:8080");
        assertThat(first(strict(Family.V6_PREFERRED, NEVER_AGAIN, "both.test", "four.test")))
                .containsExactly("both.test=fd00:0:0:0:0:0:0:2:8080", "four.test=127.0.0.4:8080");
        assertThat(first(strict(Family.V4_PREFERRED, NEVER_AGAIN, "both.test")))
                .containsExactly("both.test=127.0.0.2:8080");
        assertThat(first(strict(Family.ALL, NEVER_AGAIN, "both.test"))).hasSize(2);
        assertThat(first(strict(Family.V6_ONLY, NEVER_AGAIN, "four.test"))).isEmpty();
    }

    @Test
    void strictName_followsItsAddresses_andGoesWithTheLastOfThem() throws Exception {
        server.say("pay.test", 60, "127.0.0.2");
        NamedEndpoints wanted = strict(Family.V4_ONLY, OFTEN, "pay.test");
        assertThat(first(wanted)).containsExactly("pay.test=127.0.0.2:8080");

        server.say("pay.test", 60, "127.0.0.2", "127.0.0.3");
        await().untilAsserted(() -> assertThat(known(wanted)).hasSize(2));
        int before = changes.get();
        server.say("pay.test", 60, "127.0.0.3", "127.0.0.2");
        int asked = server.questions("pay.test");
        await().until(() -> server.questions("pay.test") > asked + 3);
        assertThat(changes.get()).as("turned round is no change").isEqualTo(before);

        server.forget("pay.test");
        await().untilAsserted(() -> assertThat(known(wanted)).isEmpty());
    }

    @Test
    void serverThatFails_leavesWhatWasKnown() throws Exception {
        server.say("pay.test", 60, "127.0.0.2");
        NamedEndpoints wanted = strict(Family.V4_ONLY, OFTEN, "pay.test");
        assertThat(first(wanted)).hasSize(1);

        server.failing(DnsResponseCode.SERVFAIL);
        await().until(() -> names.counts().failures() > 2);
        assertThat(known(wanted)).containsExactly("pay.test=127.0.0.2:8080");

        server.say("pay.test", 60, "127.0.0.3");
        server.failing(null);
        await().untilAsserted(() -> assertThat(known(wanted)).containsExactly("pay.test=127.0.0.3:8080"));
    }

    @Test
    void logicalName_keepsItsAddressWhileItHasIt() throws Exception {
        server.say("shop.test", 60, "127.0.0.2", "127.0.0.3");
        NamedEndpoints wanted = named(false, Family.V4_ONLY, OFTEN, "shop.test");
        List<String> chosen = first(wanted);
        assertThat(chosen).hasSize(1);

        String stays = chosen.getFirst().replaceAll(".*=|:.*", "");
        server.say("shop.test", 60, "127.0.0.9", stays);
        int asked = server.questions("shop.test");
        await().until(() -> server.questions("shop.test") > asked + 3);
        assertThat(known(wanted)).isEqualTo(chosen);

        server.say("shop.test", 60, "127.0.0.9");
        await().untilAsserted(() -> assertThat(known(wanted)).containsExactly("shop.test=127.0.0.9:8080"));
        server.forget("shop.test");
        await().until(() -> names.counts().notFound() > 1);
        assertThat(known(wanted)).as("no answer is no reason to have none").containsExactly("shop.test=127.0.0.9:8080");
    }

    @Test
    void ttl_saysWhenToAskAgain_whereThatIsWanted() throws Exception {
        server.say("pay.test", 1, "127.0.0.2");
        NamedEndpoints wanted = strict(Family.V4_ONLY, refresh(Duration.ofHours(1), true), "pay.test");
        assertThat(first(wanted)).hasSize(1);

        server.say("pay.test", 3600, "127.0.0.3");
        await().untilAsserted(() -> assertThat(known(wanted)).containsExactly("pay.test=127.0.0.3:8080"));
        assertThat(server.questions("pay.test")).isEqualTo(2);
    }

    @Test
    void failures_areWaitedOutLongerAndLonger() {
        Refresh refresh =
                new Refresh(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(6), true, Duration.ZERO);

        assertThat(refresh.next(0, Duration.ofSeconds(30))).hasSeconds(30);
        assertThat(refresh.next(0, Duration.ZERO)).hasSeconds(5);
        assertThat(refresh.next(1, Duration.ZERO)).hasSeconds(1);
        assertThat(refresh.next(2, Duration.ZERO)).hasSeconds(2);
        assertThat(refresh.next(3, Duration.ZERO)).hasSeconds(4);
        assertThat(refresh.next(40, Duration.ZERO)).hasSeconds(6);
    }

    @Test
    void nameThatNobodyWantsAnyMore_isNotAskedFor() throws Exception {
        server.say("pay.test", 60, "127.0.0.2").say("other.test", 60, "127.0.0.3");
        NamedEndpoints wanted = strict(Family.V4_ONLY, OFTEN, "pay.test");
        NamedEndpoints other = strict(Family.V4_ONLY, OFTEN, "other.test");
        names.follow(Set.of(wanted, other)).get(10, TimeUnit.SECONDS);

        names.keep(Set.of(other));
        // Two questions more: the one that was under way, and those of the other while we look.
        int asked = server.questions("pay.test");
        int others = server.questions("other.test");
        await().until(() -> server.questions("other.test") > others + 5);
        assertThat(server.questions("pay.test")).isLessThanOrEqualTo(asked + 1);
        assertThat(known(wanted)).isEmpty();
    }

    @Test
    void hostsFile_isReadToo() throws Exception {
        NamedEndpoints wanted = new NamedEndpoints(
                strict(Family.V4_ONLY, NEVER_AGAIN, "localhost").templates(),
                true,
                Family.V4_ONLY,
                NEVER_AGAIN,
                List.of());

        assertThat(first(wanted)).containsExactly("localhost=127.0.0.1:8080");
    }
}
