package dev.perimeter.proxy.benchmarks;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.parse.RequestReader;
import dev.perimeter.proxy.http.write.HeadBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The head of an HTTP/1.1 request, from bytes to a judged head and back to bytes: a browser's, with twelve fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParserBench {

    private static final String HEAD = "GET /orders/4711?expand=payment HTTP/1.1\r\nHost: shop.example\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
            + "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
            + "Connection: keep-alive\r\nCookie: session=0123456789abcdef; theme=dark\r\n"
            + "Upgrade-Insecure-Requests: 1\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n"
            + "Sec-Fetch-Site: none\r\nPriority: u=0, i\r\n\r\n";

    private final ByteBuf in = Unpooled.directBuffer();
    private final ByteBuf out = Unpooled.directBuffer(2048);
    private final RequestReader reader = new RequestReader(60 * 1024, 100, true, false, "http");

    public ParserBench() {
        in.writeBytes(HEAD.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public RequestHead read() {
        in.readerIndex(0);
        reader.read(in);
        RequestHead head = Objects.requireNonNull(reader.finish());
        reader.next();
        return head;
    }

    /** As a proxy does: the fields go on as runs of the received bytes. */
    @Benchmark
    public ByteBuf readAndWrite() {
        RequestHead head = read();
        head.headers().set("x-request-id", "5f1c2d34-0000-4000-8000-0123456789ab");
        ByteBuf written = HeadBuffer.begin();
        head.headers().writeTo(written);
        return out.clear().writeBytes(written);
    }
}
