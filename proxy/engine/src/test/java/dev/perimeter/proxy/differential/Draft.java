package dev.perimeter.proxy.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request while it is being made: its parts as text, one character a byte, so that each can be made wrong. */
final class Draft {

    String method = "GET";
    String target = "/";
    String version = "HTTP/1.1";
    String lineEnd = "\r\n";
    /** Whole lines without their end, {@code Host} among them. */
    final List<String> fields = new ArrayList<>();

    String body = "";
    /** What follows the message on the connection. */
    String behind = "";

    void field(String line) {
        fields.add(line);
    }

    void remove(String name) {
        fields.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    }

    /** Without any framing or content. */
    void bodyless() {
        remove("Content-Length");
        remove("Transfer-Encoding");
        body = "";
    }

    void content(String text) {
        bodyless();
        method = "POST";
        field("Content-Length: " + text.length());
        body = text;
    }

    /** @param chunks what stands behind the head, last chunk and trailers included */
    void chunked(String chunks) {
        bodyless();
        method = "POST";
        field("Transfer-Encoding: chunked");
        body = chunks;
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target);
        text.append(version.isEmpty() ? "" : " " + version).append(lineEnd);
        fields.forEach(line -> text.append(line).append(lineEnd));
        text.append(lineEnd).append(body).append(behind);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }
}
