package dev.perimeter.proxy.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.AddressRange;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.FilterChainMatch.SourceType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which chain takes a connection; the order of the criteria is Envoy's. */
class ChainIndexTest {

    private static final FilterChainMatch ANY = FilterChainMatch.ANY;

    private static ConnectionFacts facts(String remote, String local, int port) {
        return new ConnectionFacts(
                new InetSocketAddress(InetAddress.ofLiteral(remote), 40_000),
                new InetSocketAddress(InetAddress.ofLiteral(local), port));
    }

    private static ConnectionFacts tls(String name, String... protocols) {
        ConnectionFacts facts = facts("10.0.0.1", "10.0.0.2", 443);
        facts.tls(name, List.of(protocols));
        return facts;
    }

    private static FilterChainMatch ranges(String... ranges) {
        List<AddressRange> read = java.util.Arrays.stream(ranges)
                .map(range -> range.split("/"))
                .map(parts -> new AddressRange(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1])))
                .toList();
        return new FilterChainMatch(0, read, Set.of(), "", Set.of(), List.of(), SourceType.ANY, List.of(), Set.of());
    }

    private static FilterChainMatch from(SourceType type, int... ports) {
        Set<Integer> wanted = java.util.Arrays.stream(ports).boxed().collect(java.util.stream.Collectors.toSet());
        return new FilterChainMatch(0, List.of(), Set.of(), "", Set.of(), List.of(), type, List.of(), wanted);
    }

    @Test
    void chainWithoutAMatch_takesAllAndAsksNothing() {
        ChainIndex index = ChainIndex.of(List.of(ANY));

        assertThat(index.find(tls("a"))).isZero();
        assertThat(index.dependsOnBytes(tls("a"))).isFalse();
    }

    @Test
    void noChain_findsNone() {
        assertThat(ChainIndex.of(List.of()).find(tls("a"))).isEqualTo(ChainIndex.NONE);
    }

    @Test
    void serverNames_exactBeforeLongestSuffixBeforeAny() {
        ChainIndex index = ChainIndex.of(List.of(
                ANY,
                ANY.withServerNames(".com"),
                ANY.withServerNames(".shop.com", "shop.com"),
                ANY.withServerNames("pay.shop.com")));

        assertThat(index.find(tls("pay.shop.com"))).isEqualTo(3);
        assertThat(index.find(tls("a.b.shop.com"))).isEqualTo(2);
        assertThat(index.find(tls("shop.com"))).isEqualTo(2);
        assertThat(index.find(tls("other.com"))).isEqualTo(1);
        assertThat(index.find(tls("other.org"))).isZero();
        assertThat(index.find(facts("10.0.0.1", "10.0.0.2", 443))).isZero();
    }

    @Test
    void port_onceChosen_isNotTakenBack() {
        ChainIndex index =
                ChainIndex.of(List.of(ANY, ANY.withDestinationPort(443).withServerNames("a")));

        assertThat(index.find(tls("a"))).isEqualTo(1);
        assertThat(index.find(tls("b"))).isEqualTo(ChainIndex.NONE);
        assertThat(index.find(facts("10.0.0.1", "10.0.0.2", 80))).isZero();
    }

    @Test
    void portOfItsOwn_isNotWaitedFor() {
        ChainIndex index =
                ChainIndex.of(List.of(ANY.withDestinationPort(3306), ANY.withProtocols("", "http/1.1", "h2c"), ANY));

        assertThat(index.dependsOnBytes(facts("10.0.0.1", "10.0.0.2", 3306))).isFalse();
        assertThat(index.dependsOnBytes(facts("10.0.0.1", "10.0.0.2", 8080))).isTrue();
    }

    @Test
    void destinations_longestPrefixWins() {
        ChainIndex index =
                ChainIndex.of(List.of(ranges("10.0.0.0/8"), ranges("10.1.0.0/15", "fd00::/9"), ranges("10.1.2.3/32")));

        assertThat(index.find(facts("1.1.1.1", "10.200.0.1", 1))).isZero();
        assertThat(index.find(facts("1.1.1.1", "10.0.3.1", 1))).isEqualTo(1);
        assertThat(index.find(facts("1.1.1.1", "10.1.2.3", 1))).isEqualTo(2);
        assertThat(index.find(facts("::1", "fd7f::1", 1))).isEqualTo(1);
        assertThat(index.find(facts("::1", "fd80::1", 1))).isEqualTo(ChainIndex.NONE);
    }

    @Test
    void applicationProtocols_theClientsFirstThatIsKnownWins() {
        ChainIndex index = ChainIndex.of(List.of(
                ANY.withProtocols("tls", "h2"), ANY.withProtocols("tls", "http/1.1"), ANY.withProtocols("tls"), ANY));

        assertThat(index.find(tls("a", "http/1.1", "h2"))).isEqualTo(1);
        assertThat(index.find(tls("a", "x", "h2"))).isZero();
        assertThat(index.find(tls("a", "x"))).isEqualTo(2);
        assertThat(index.find(facts("10.0.0.1", "10.0.0.2", 443))).isEqualTo(3);
    }

    @Test
    void sources_localExternalAndPort() {
        ChainIndex index = ChainIndex.of(List.of(
                from(SourceType.SAME_IP_OR_LOOPBACK), from(SourceType.EXTERNAL, 40_000), from(SourceType.EXTERNAL)));

        assertThat(index.find(facts("127.0.0.1", "10.0.0.2", 1))).isZero();
        assertThat(index.find(facts("10.0.0.2", "10.0.0.2", 1))).isZero();
        assertThat(index.find(facts("10.0.0.1", "10.0.0.2", 1))).isEqualTo(1);
    }

    @Test
    void twoChainsForTheSame_areAProblemInASentence() {
        assertThat(ChainIndex.of(List.of(ANY.withServerNames("a", "b"), ANY.withServerNames("b")))
                        .problem())
                .isEqualTo("filter_chains[1] matches the same connections as filter_chains[0]");
        assertThat(ChainIndex.of(List.of(ANY.withServerNames("a"), ANY)).problem())
                .isNull();
    }
}
