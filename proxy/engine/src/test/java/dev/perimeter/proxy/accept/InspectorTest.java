package dev.perimeter.proxy.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.accept.Inspector.Outcome;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.snapshot.ListenerFilters.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What first bytes say, however they are cut. */
class InspectorTest {

    private static final ChainIndex BY_BYTES =
            ChainIndex.of(List.of(FilterChainMatch.ANY.withServerNames("a"), FilterChainMatch.ANY));
    private static final ListenerFilters DETECTING = ListenerFilters.detecting(Duration.ofSeconds(1));

    private final ConnectionFacts facts =
            new ConnectionFacts(new InetSocketAddress("127.0.0.1", 1), new InetSocketAddress("127.0.0.1", 2));

    /** Byte by byte: no prefix decides differently from the whole. */
    private Outcome dripped(ListenerFilters filters, byte[] bytes) {
        Inspector inspector = new Inspector(filters, facts);
        ByteBuf seen = Unpooled.buffer(bytes.length);
        Outcome outcome = Outcome.MORE;
        for (byte one : bytes) {
            outcome = inspector.look(seen.writeByte(one), BY_BYTES);
            if (outcome != Outcome.MORE) {
                break;
            }
        }
        rest = seen.toString(StandardCharsets.ISO_8859_1);
        return outcome;
    }

    private String rest = "";

    private Outcome dripped(ListenerFilters filters, String text) {
        return dripped(filters, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] clientHello(String name, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.flip().remaining()];
        out.get(hello);
        return hello;
    }

    @Test
    void clientHello_tellsNameAndProtocols() throws Exception {
        assertThat(dripped(DETECTING, clientHello("Pay.Shop", "h2", "http/1.1")))
                .isEqualTo(Outcome.DONE);
        assertThat(facts.transportProtocol()).isEqualTo("tls");
        assertThat(facts.serverName()).isEqualTo("pay.shop");
        assertThat(facts.applicationProtocols()).containsExactly("h2", "http/1.1");
    }

    @Test
    void clientHello_cutIntoSeveralRecords_isReadAsOne() throws Exception {
        byte[] whole = clientHello("a");
        ByteBuf cut = Unpooled.buffer();
        for (int at = 5; at < whole.length; at += 50) {
            int size = Math.min(50, whole.length - at);
            cut.writeBytes(whole, 0, 3).writeShort(size).writeBytes(whole, at, size);
        }
        byte[] bytes = new byte[cut.readableBytes()];
        cut.readBytes(bytes);

        assertThat(dripped(DETECTING, bytes)).isEqualTo(Outcome.DONE);
        assertThat(facts.serverName()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\n', http/1.1",
        "'\r\nPOST /x?y HTTP/1.0\n', http/1.0",
        "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', h2c",
        "'PRINT / HTTP/1.1\r\n', http/1.1"
    })
    void http_isSeenByItsFirstLine(String bytes, String protocol) {
        assertThat(dripped(DETECTING, bytes)).isEqualTo(Outcome.DONE);
        assertThat(facts.applicationProtocols()).containsExactly(protocol);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000\u0001\u0002", "SSH-2.0-OpenSSH\r\n", "hello there\r\n", "\u0016\u0004", "GET\t"})
    void somethingElse_isNothingWeKnow(String bytes) {
        assertThat(dripped(DETECTING, bytes)).isEqualTo(Outcome.DONE);
        assertThat(facts.applicationProtocols()).isEmpty();
        assertThat(facts.transportProtocol()).isEqualTo("raw_buffer");
    }

    private static final ListenerFilters PROXIED =
            new ListenerFilters(false, ProxyProtocol.REQUIRED, false, false, Duration.ZERO, false);

    @Test
    void proxyLine_namesTheClient() {
        assertThat(dripped(PROXIED, "PROXY TCP4 192.0.2.1 198.51.100.2 5000 443\r\n"))
                .isEqualTo(Outcome.DONE);
        assertThat(facts.remote()).hasToString("/192.0.2.1:5000");
        assertThat(facts.local()).hasToString("/198.51.100.2:443");
        assertThat(facts.directRemote().getPort()).isEqualTo(1);
        assertThat(rest).isEmpty();
    }

    @Test
    void proxyHeaderOfVersionTwo_namesTheClientAndSkipsTheRest() {
        String signature = "\r\n\r\n\0\r\nQUIT\n";
        String addresses = "\u00c0\0\2\1" + "\u00c6\u0033\u0064\2" + "\u0013\u0088" + "\1\u00bb";
        assertThat(dripped(PROXIED, signature + "\u0021\u0011\0\u0010" + addresses + "\4\0\1x"))
                .isEqualTo(Outcome.DONE);
        assertThat(facts.remote()).hasToString("/192.0.2.1:5000");
        assertThat(facts.local()).hasToString("/198.51.100.2:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0",
            })
    void proxyHeaderOfTheRelayItself_leavesTheAddresses(String header) {
        assertThat(dripped(PROXIED, header)).isEqualTo(Outcome.DONE);
        assertThat(facts.remote().getPort()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 192.0.2.1 ::1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.1 1 99999\r\n",
                "PROXY TCP4 192.0.2.1\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.1 1 2\n",
                "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\0",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\1x",
            })
    void brokenProxyHeader_isRefused(String header) {
        assertThat(dripped(PROXIED, header)).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void optionalProxyHeader_thatIsNotThere_isNotMissed() {
        ListenerFilters optional =
                new ListenerFilters(false, new ProxyProtocol(true, true, true), false, false, Duration.ZERO, false);
        assertThat(dripped(optional, "PROPFIND")).isEqualTo(Outcome.DONE);
        assertThat(rest).isEqualTo("PROP");
    }
}
