package dev.perimeter.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandFormatTest {

    private static Journal journal() {
        Headers headers = new Headers();
        headers.add("X-B", "say \"hi\"\n");
        Journal journal = new Journal(1_000, 0, 7, "10.0.0.1:5", "10.0.0.2:80");
        journal.request(new RequestHead("GET", "http", "shop", "/ä", "HTTP/1.1", headers));
        journal.flag(ResponseFlag.UPSTREAM_CONNECT_FAILURE);
        journal.flag(ResponseFlag.UPSTREAM_OVERFLOW);
        Headers trailers = new Headers();
        trailers.add("grpc-status", "4");
        trailers.add("grpc-message", "too late");
        journal.trailers(trailers);
        journal.relayedBy("[::1]:9");
        journal.attempt("10.0.0.3:8080");
        journal.responseBegan(10_000_000);
        journal.ended(12_345_678);
        return journal;
    }

    @ParameterizedTest
    @CsvSource({
        "%REQ(:METHOD)% took %DURATION% ms, GET took 12 ms",
        "%RESPONSE_FLAGS%, 'UF,UO'",
        "100%%, 100%",
        "%REQ(X-A)%, -",
        "%REQ(X-A?X-B):3%, say",
        "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%, 10.0.0.1",
        "%GRPC_STATUS% %GRPC_STATUS_NUMBER%, DeadlineExceeded 4",
        "%TRAILER(GRPC-MESSAGE)%, too late",
        "%START_TIME%, 1970-01-01T00:00:01.000Z",
        "%EMIT_TIME%, 1970-01-01T00:00:01.012Z",
        "%START_TIME(%Y/%m/%dT%H:%M:%S%z %s)%, 1970/01/01T00:00:01+0000 1",
        "%START_TIME(%s.%3f)% %START_TIME(%E6S|%f)%, 1.000 01.000000|000000000",
        "%EMIT_TIME(%a %e %b %y %I%p %j %T.%2f %Z 100%%)%, Thu  1 Jan 70 12AM 001 00:00:01.01 UTC 100%",
        "a%%b%REQ(:METHOD)%%%, a%bGET%",
        "%RESPONSE_FLAGS_LONG%, 'UpstreamConnectionFailure,UpstreamOverflow'",
        "%GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS(NUMBER)%, DEADLINE_EXCEEDED 4",
        "%DOWNSTREAM_REMOTE_PORT% %DOWNSTREAM_LOCAL_PORT% %DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%, 5 80 10.0.0.2",
        "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS% %DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%, [::1]:9 ::1",
        "%UPSTREAM_HOST% %UPSTREAM_REMOTE_ADDRESS% %UPSTREAM_REMOTE_PORT%, 10.0.0.3:8080 - -",
        "%VIRTUAL_CLUSTER_NAME%%CONNECTION_TERMINATION_DETAILS%, --",
        "%RESPONSE_TX_DURATION%, 2",
        "%ENVIRONMENT(NOT_SET_ANYWHERE)%, -"
    })
    void operators_giveTheirValues(String format, String expected) {
        switch (CommandFormat.parse(format)) {
            case Parsed.Ok<CommandFormat>(CommandFormat parsed) ->
                assertThat(parsed.text(journal(), "-")).isEqualTo(expected);
            case Parsed.Bad<CommandFormat> bad -> throw new AssertionError(bad.sentence());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%NOPE%",
                "%REQ()%",
                "%REQ(X):a%",
                "50% off",
                "%DURATION(x)%",
                "%START_TIME(%Q)%",
                "%START_TIME(%0f)%",
                "%START_TIME(%)%",
                "%GRPC_STATUS(x)%",
                "%DYNAMIC_METADATA(a:b)%",
                "%REQ(X"
            })
    void unknownOperator_isRefusedWithTheKnownOnes(String format) {
        assertThat(CommandFormat.parse(format))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class,
                        bad -> assertThat(bad.sentence())
                                .contains(
                                        format.equals("50% off") || format.equals("%REQ(X")
                                                ? "does not close"
                                                : "known are"));
    }

    @Test
    void jsonLine_isTypedAndEscaped() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("proxy", "a\"b");
        fields.put("time", "%START_TIME%");
        fields.put("path", "%REQ(:PATH)%");
        fields.put("b", "%REQ(X-B)%");
        fields.put("a", "%REQ(X-A)%");
        fields.put("duration", "%DURATION%");
        fields.put("seven", 7.0);
        fields.put("mixed", "%REQ(X-A)%/%CONNECTION_ID%");

        assertThat(line(fields))
                .isEqualTo("{\"proxy\":\"a\\\"b\",\"time\":\"1970-01-01T00:00:01.000Z\",\"path\":\"/ä\",\"b\":\"say"
                        + " \\\"hi\\\"\\u000a\",\"a\":null,\"duration\":12,\"seven\":7,\"mixed\":\"-/7\"}\n");
    }

    @Test
    void jsonLine_withoutFields_isAnEmptyObject() {
        assertThat(line(Map.of())).isEqualTo("{}\n");
    }

    @Test
    void jsonFormat_withUnknownOperator_namesTheField() {
        assertThat(AccessLog.jsonOnStandardOutput(Map.of("x", "%NOPE%")))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.path()).isEqualTo("json_format.x"));
    }

    private static String line(Map<String, Object> fields) {
        LineBuffer out = new LineBuffer(16);
        switch (AccessLog.jsonOnStandardOutput(fields)) {
            case Parsed.Ok<AccessLog>(AccessLog log) -> log.write(journal(), out);
            case Parsed.Bad<AccessLog> bad -> throw new AssertionError(bad.sentence());
        }
        return new String(out.take(), StandardCharsets.UTF_8);
    }
}
