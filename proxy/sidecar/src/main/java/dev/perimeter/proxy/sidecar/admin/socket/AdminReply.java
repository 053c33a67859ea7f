package dev.perimeter.proxy.sidecar.admin.socket;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What comes back. */
public record AdminReply(int status, String contentType, Map<String, String> headers, byte[] body) {

    public static AdminReply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text);
    }

    public static AdminReply json(String json) {
        return of(200, "application/json", json);
    }

    public static AdminReply of(int status, String contentType, String text) {
        return new AdminReply(status, contentType, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    public AdminReply with(String name, String value) {
        return new AdminReply(status, contentType, Map.of(name, value), body);
    }
}
