package dev.perimeter.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogWriterTest {

    private static final byte[] LINE = "line\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void close_writesWhatWasHandedOverBefore() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(out);
        for (int i = 0; i < 60; i++) {
            writer.write(LINE);
        }
        writer.close();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line\n".repeat(60));
    }

    @Test
    void readerThatDoesNotRead_costsLinesAndNobodysTime() {
        CountDownLatch readAgain = new CountDownLatch(1);
        LogWriter writer = new LogWriter(new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    readAgain.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        for (int i = 0; i < 1_000; i++) {
            writer.write(LINE);
        }

        assertThat(writer.droppedLines()).isBetween(930L, 940L);
        readAgain.countDown();
        writer.close();
    }
}
