package dev.perimeter.proxy.exchange.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.snapshot.AddressRange;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour.ServerHeader;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the proxy takes a request to be from; each row is what stock Envoy makes of the same. */
class TrustedClientTest {

    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.1");
    private static final AddressRange OURS = new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8);
    private static final AddressRange OUR_V6 = new AddressRange(InetAddress.ofLiteral("fd00::"), 8);

    private static EdgeBehaviour edge(boolean useRemoteAddress, int hops) {
        return new EdgeBehaviour(useRemoteAddress, hops, false, true, false, false, ServerHeader.PASS_THROUGH, "");
    }

    private static Headers saying(String... lists) {
        Headers headers = new Headers();
        for (String list : lists) {
            headers.add("X-Forwarded-For", list);
        }
        return headers;
    }

    private static String client(EdgeBehaviour edge, String list) {
        String named = TrustedClient.of(saying(list), edge, PEER).named();
        return named == null ? "peer" : named;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7               | 203.0.113.7",
                "'  203.0.113.7 '          | 203.0.113.7",
                "6.6.6.6, 10.0.0.1         | 10.0.0.1",
                "6.6.6.6,,10.0.0.1         | 10.0.0.1",
                "2001:DB8:0:0:0:0:0:1      | 2001:db8::1",
                "::ffff:10.0.0.1           | ::ffff:10.0.0.1",
                "fd00::1                   | fd00::1",
                "nonsense                  | peer",
                "''                        | peer",
                "','                       | peer",
                "'10.0.0.1,'               | peer",
                "10.0.0.1:80               | peer",
                "[fd00::1]                 | peer",
                "[fd00::1]:80              | peer",
                "010.0.0.1                 | peer",
                "10.1                      | peer",
                "10.0.0.256                | peer",
                "10.0.0.1.                 | peer",
                "10.0.0.1.2                | peer",
                "1::2::3                   | peer",
            })
    void lastAddress_namesTheClient_ifItIsOne(String list, String client) {
        assertThat(client(edge(false, 0), list)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({
        // without use_remote_address as many are skipped as are trusted
        "false, 1, '1.1.1.1, 2.2.2.2, 3.3.3.3', 2.2.2.2",
        "false, 2, '1.1.1.1, 2.2.2.2, 3.3.3.3', 1.1.1.1",
        "false, 3, '1.1.1.1, 2.2.2.2, 3.3.3.3', peer",
        "false, 1, 1.1.1.1, peer",
        "false, 1, '6.6.6.6,', 6.6.6.6",
        // with it the peer is the first of them
        "true, 0, '1.1.1.1, 2.2.2.2', peer",
        "true, 1, '1.1.1.1, 2.2.2.2', 2.2.2.2",
        "true, 2, '1.1.1.1, 2.2.2.2', 1.1.1.1",
        "true, 3, '1.1.1.1, 2.2.2.2', peer",
        "true, 1, nonsense, peer",
    })
    void trustedHops_areSkipped(boolean useRemoteAddress, int hops, String list, String client) {
        assertThat(client(edge(useRemoteAddress, hops), list)).isEqualTo(client);
    }

    @Test
    void list_mayStandInSeveralFields() {
        assertThat(TrustedClient.of(saying("1.1.1.1", "2.2.2.2, 3.3.3.3"), edge(false, 2), PEER)
                        .named())
                .isEqualTo("1.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true",
        "fd00::1, true",
        "203.0.113.7, false",
        "::ffff:10.0.0.1, false",
        "'6.6.6.6, 10.0.0.1', false",
        "'10.0.0.1, 10.0.0.2', false",
        "'10.0.0.1,', false",
        "nonsense, false",
    })
    void request_isInternal_ifOneAddressOfOursIsAllThatIsNamed(String list, boolean internal) {
        EdgeBehaviour edge = edge(false, 0).withInternal(OURS, OUR_V6);

        assertThat(TrustedClient.of(saying(list), edge, PEER).internal()).isEqualTo(internal);
        assertThat(TrustedClient.of(saying(list), edge(false, 0), PEER).internal())
                .as("nobody is internal unless the config says who")
                .isFalse();
        assertThat(TrustedClient.of(saying(list), edge(false, 1).withInternal(OURS, OUR_V6), PEER)
                        .internal())
                .as("behind a trusted hop nobody is")
                .isFalse();
    }

    @Test
    void edge_takesItsPeerForInternal_ifItNamesNobodyElse() {
        EdgeBehaviour edge = edge(true, 0).withInternal(OURS);
        InetAddress ours = InetAddress.ofLiteral("10.1.2.3");

        assertThat(TrustedClient.of(saying(), edge, ours).internal()).isTrue();
        assertThat(TrustedClient.of(saying("10.0.0.1"), edge, ours).internal()).isFalse();
        assertThat(TrustedClient.of(saying(), edge, PEER).internal()).isFalse();
        assertThat(TrustedClient.of(saying(), edge(false, 0).withInternal(OURS), ours)
                        .internal())
                .as("without use_remote_address the peer does not count")
                .isFalse();
    }

    @Test
    void requestThatNamesNobody_costsNothing() {
        EdgeBehaviour edge = edge(true, 1).withInternal(OURS);

        assertThat(TrustedClient.of(saying(), edge, PEER)).isSameAs(TrustedClient.of(saying(), edge, null));
    }
}
