package dev.perimeter.labs.harness.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmTest {

    @TempDir
    Path folder;

    @Test
    void warningsOfEveryLogger_areFound_andNothingElse() throws IOException {
        LabHome home = new LabHome(folder);
        Files.createDirectories(home.logs());
        Files.writeString(home.logs().resolve("payment-v1-0.log"), """
            2026-11-23T13:00:00.000Z  WARN 4711 --- [payment] [main] o.h.Something : slow
            2026-11-23T13:00:00.000Z  INFO 4711 --- [payment] [main] o.h.Something : no WARN here
            """);
        Files.writeString(home.logs().resolve("gateway.log"), """
            2026-11-23T13:00:00.000Z INFO AdsClient - following
            2026-11-23T13:00:00.000Z ERROR ResourceLeakDetector - LEAK: ByteBuf.release() was not called
            2026-11-23T13:00:00.000Z WARN AdsClient - no control plane
            """);
        Files.writeString(home.logs().resolve("local-node.log"), """
            [main] ERROR dev.perimeter.labs.harness.node.Children - gateway ended
            [main] INFO dev.perimeter.labs.harness.node.Children - gateway runs
            SEVERE: something of the JDK
            """);
        Files.writeString(home.logs().resolve("gateway.access.jsonl"), "[main] ERROR in a path\n");

        assertThat(Alarm.of(home))
                .extracting(Alarm::log, alarm -> alarm.line().replaceAll("^\\S+ +", ""))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "gateway.log", "ERROR ResourceLeakDetector - LEAK: ByteBuf.release() was not called"),
                        org.assertj.core.groups.Tuple.tuple("gateway.log", "WARN AdsClient - no control plane"),
                        org.assertj.core.groups.Tuple.tuple(
                                "local-node.log", "ERROR dev.perimeter.labs.harness.node.Children - gateway ended"),
                        org.assertj.core.groups.Tuple.tuple("local-node.log", "something of the JDK"),
                        org.assertj.core.groups.Tuple.tuple(
                                "payment-v1-0.log", "WARN 4711 --- [payment] [main] o.h.Something : slow"));
    }
}
