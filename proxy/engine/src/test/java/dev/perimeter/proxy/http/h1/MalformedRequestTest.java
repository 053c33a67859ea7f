package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.h1.MalformedRequests.Malformed;
import dev.perimeter.proxy.testkit.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes with two meanings, or none, end at the codec: right status, nothing handed on, connection closed. */
class MalformedRequestTest {

    private static final Recorder RECORDER = new Recorder();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        server = new HttpServer(RECORDER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Malformed> malformed() {
        return MalformedRequests.all();
    }

    @Test
    void table_holdsAtLeastFortyRows() {
        assertThat(malformed()).hasSizeGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_overASocket_isRefusedAndClosed(Malformed row) throws IOException {
        RECORDER.received.clear();
        try (RawClient client = server.connect()) {
            String reply = client.send(row.bytes()).readToEnd();
            assertThat(reply).startsWith("HTTP/1.1 " + row.status() + " ").contains("Connection: close\r\n");
            assertThat(reply.split("HTTP/1.1 ", -1)).as("one reply").hasSize(2);
        }
        assertThat(RECORDER.whole()).as("handed on").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_behindAGoodRequest_isRefusedAfterItsReply(Malformed row) throws IOException {
        RECORDER.received.clear();
        try (RawClient client = server.connect()) {
            String reply = client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\n" + row.bytes())
                    .readToEnd();
            assertThat(reply).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 " + row.status() + " ");
        }
        assertThat(RECORDER.whole()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_cutAtEveryByte_getsTheSameAnswer(Malformed row) {
        String whole = InMemory.exchange(row.bytes(), row.bytes().length());
        assertThat(whole).startsWith("HTTP/1.1 " + row.status() + " ");
        for (int cut = 1; cut < Math.min(row.bytes().length(), 300); cut++) {
            assertThat(InMemory.exchange(row.bytes(), cut)).as("cut at %s", cut).isEqualTo(whole);
        }
        assertThat(InMemory.exchangeByteByByte(row.bytes())).isEqualTo(whole);
    }
}
