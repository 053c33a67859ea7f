package dev.perimeter.labs.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessIdTest {
    @Test
    void own_isAlive() {
        assertThat(ProcessId.own().alive()).isTrue();
    }

    @Test
    void sameNumberOtherStart_isNotThatProcess() {
        ProcessId own = ProcessId.own();

        assertThat(new ProcessId(own.pid(), own.start() + "0").alive()).isFalse();
    }

    @Test
    void endedChild_isGone() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sleep", "600").start();
        ProcessId id = ProcessId.of(child.pid()).orElseThrow();
        assertThat(id.alive()).isTrue();

        id.kill();
        child.waitFor();

        assertThat(id.alive()).isFalse();
        assertThat(child.exitValue()).isEqualTo(137);
    }

    @Test
    void strangerWithOurNumber_isNotSignalled() throws IOException {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessId forged = new ProcessId(stranger.pid(), "another/1");
            forged.terminate();
            forged.kill();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void zombie_isNotAlive() throws IOException {
        // The shell's child ends at once and is never waited for, as the shell becomes a sleep.
        Process parent = new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 600").start();
        try {
            long child = Long.parseLong(parent.inputReader().readLine());

            org.awaitility.Awaitility.await().until(() -> ProcessId.of(child).isEmpty());
        } finally {
            parent.destroyForcibly();
        }
    }
}
