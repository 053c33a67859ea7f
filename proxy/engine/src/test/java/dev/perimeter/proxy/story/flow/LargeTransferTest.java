package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Curl;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A gigabyte each way, from a sender that is always ready to a reader that stands still for a while: the sender waits, and
 * the proxy holds no more than its watermarks and windows say, whatever has passed already. The default build sends the
 * gigabyte over HTTP/1.1 and a part of it where HTTP/2 takes longer; {@code -Psoak} sends it everywhere.
 */
class LargeTransferTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final boolean SOAK = Integer.getInteger("perimeter.soak.seconds", 8) >= 60;

    /** The watermark of a socket (64 KiB) and what one read brings, with air. */
    private static final long MOST_OF_HTTP1 = MEBIBYTE / 2;

    /** The window of a stream (256 KiB), whose bytes may stand in receive buffers that they fill by a third, as well. */
    private static final long MOST_OF_HTTP2 = 3 * MEBIBYTE / 2;

    private static final long MOST_HEAP = 16 * MEBIBYTE;

    private static long mostOf(String sender) {
        return sender.equals("h2") ? MOST_OF_HTTP2 : MOST_OF_HTTP1;
    }

    private static long size(long mebibytes) {
        return (SOAK ? 1024 : mebibytes) * MEBIBYTE;
    }

    private static RawUpstream upstream(String protocol, long size) {
        return RawUpstream.running(protocol.equals("h2") ? new Http2BodyServer(size) : new BodyServer(size));
    }

    private static RunningProxy proxy(String protocol, RawUpstream upstream) {
        Config config = protocol.equals("h2") ? new Config().http2() : new Config();
        return new RunningProxy(
                config.cluster("a", upstream.address()).route("/", "a").http());
    }

    private static String[] curl(String protocol, RunningProxy proxy, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        if (protocol.equals("h2")) {
            arguments.add("--http2-prior-knowledge");
        }
        arguments.add(proxy.uri("/").toString());
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest(name = "{2} MiB to a {0} client that stalls from an {1} upstream")
    @CsvSource({"h1, h1, 1024", "h2, h2, 256", "h1, h2, 64", "h2, h1, 64"})
    void download_ofAnySize_holdsAFewBuffers(String client, String server, long mebibytes) throws Exception {
        long size = size(mebibytes);
        try (RawUpstream upstream = upstream(server, size);
                RunningProxy proxy = proxy(server, upstream);
                HeldMemory held = HeldMemory.watching(proxy)) {
            String output = Curl.runWithAStall(
                    curl(client, proxy, "--output", "/dev/null", "--write-out", "%{http_code} %{size_download}"));

            assertThat(output).isEqualTo("200 " + size);
            held.stayedBelow(mostOf(server), MOST_HEAP);
        }
    }

    @ParameterizedTest(name = "{2} MiB from an {0} client to an {1} upstream that stalls")
    @CsvSource({"h1, h1, 1024", "h2, h2, 256", "h1, h2, 64", "h2, h1, 64"})
    void upload_ofAnySize_holdsAFewBuffers(String client, String server, long mebibytes, @TempDir Path folder)
            throws Exception {
        long size = size(mebibytes);
        Path zeros = folder.resolve("zeros");
        try (RandomAccessFile file = new RandomAccessFile(zeros.toFile(), "rw")) {
            file.setLength(size);
        }
        try (RawUpstream upstream = upstream(server, size);
                RunningProxy proxy = proxy(server, upstream);
                HeldMemory held = HeldMemory.watching(proxy)) {
            String output = Curl.sending(
                    zeros.toFile(),
                    curl(client, proxy, "-T", "-", "-H", "Expect:", "--write-out", "%{http_code} %header{x-taken}"));

            assertThat(output).isEqualTo("200 " + size);
            held.stayedBelow(mostOf(client), MOST_HEAP);
        }
    }
}
