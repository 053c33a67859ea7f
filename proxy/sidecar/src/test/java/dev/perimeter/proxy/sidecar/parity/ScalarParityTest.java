package dev.perimeter.proxy.sidecar.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One field written in all the ways there are: stock Envoy takes it if and only if this proxy does, which names it if not. */
class ScalarParityTest {

    private static final String PLACE = "          stat_prefix: ingress_http\n";

    @TempDir
    Path folder;

    static Stream<String> spellings() {
        return Stream.of(
                        each("generate_request_id", "Yes off n NO ~ \"yes\" 'on' 1 \"1\" maybe"),
                        each("max_request_headers_kb", "0x10 010 08 +5 16.0 1e1 \"16\" 0o10 1_000 -0x1 .inf yes 0x"),
                        each("server_name", "\"on\" ~ 1.5 2024-01-01 12345678901 on No 123 0x10 010 'yes'"),
                        each("codec_type", "auto Auto 1 \"1\" ~ on other"),
                        each("stream_idle_timeout", "1s \"1s\" ~ 1 1.5 yes"))
                .flatMap(each -> each);
    }

    private static Stream<String> each(String field, String values) {
        return Stream.of(values.split(" ")).map(value -> field + ": " + value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void spelling_isTakenHereIfEnvoyTakesIt(String line) throws Exception {
        assumeTrue(StockEnvoy.find().isPresent(), "envoy is not installed");
        String text = ParityFile.read("good", "front-proxy.yaml").text().replace("          codec_type: AUTO\n", "");
        assertThat(text).contains(PLACE).doesNotContain(line.split(":")[0]);
        Path file = Files.writeString(
                folder.resolve("front-proxy.yaml"),
                text.replace(PLACE, PLACE + "          " + line + "\n")
                        .replaceAll("port_value: (9901|10000)", "port_value: 0"));

        String said = EmbeddedProxy.refusal(file);

        if (StockEnvoy.accepts(file)) {
            assertThat(said).startsWith("nothing is wrong with it");
        } else {
            assertThat(said).contains(", line ").contains("." + line.split(":")[0] + ": ");
        }
    }
}
