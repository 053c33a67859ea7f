package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;

/** Connections without a socket, where a test decides how bytes are cut and what time it is. */
final class InMemory {

    private InMemory() {}

    static EmbeddedChannel server(RequestHandlers handlers) {
        return new EmbeddedChannel(
                new Http1ServerConnection(HttpServer.LIMITS, HttpTimeouts.DEFAULTS, true, true, handlers));
    }

    /** The whole reply to bytes that arrive in two parts. */
    static String exchange(String bytes, int cut) {
        EmbeddedChannel channel = server(new Recorder());
        write(channel, bytes.substring(0, cut));
        if (cut < bytes.length()) {
            write(channel, bytes.substring(cut));
        }
        return end(channel);
    }

    static String exchangeByteByByte(String bytes) {
        EmbeddedChannel channel = server(new Recorder());
        for (int i = 0; i < bytes.length(); i++) {
            write(channel, bytes.substring(i, i + 1));
        }
        return end(channel);
    }

    static void write(EmbeddedChannel channel, String text) {
        if (channel.isOpen()) {
            ByteBuf bytes = channel.alloc().directBuffer(text.length());
            ByteBufUtil.writeAscii(bytes, text);
            channel.writeInbound(bytes);
        }
    }

    static String output(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    private static String end(EmbeddedChannel channel) {
        String output = output(channel);
        channel.finishAndReleaseAll();
        return output;
    }
}
