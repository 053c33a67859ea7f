package dev.perimeter.labs.harness.shop;

import dev.perimeter.labs.harness.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shop behind a gateway. Safe for any number of threads. */
public final class Shop {
    /** An order that is paid. */
    public static final String SAMPLE = """
        {"customer":"ada","items":[{"sku":"tea-01","quantity":2,"unitPrice":450}],"currency":"EUR","card":"tok_visa"}\
        """;

    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 15_000;
    private static final int LONGEST_PROBLEM = 200;

    private final URI orders;

    /** @param gateway its base address */
    public Shop(URI gateway) {
        this.orders = gateway.resolve("/orders");
    }

    /** The curl line that does what {@link #place} does. */
    public String curl() {
        return "curl -si %s -H 'Content-Type: application/json' -d '%s'".formatted(orders, SAMPLE);
    }

    /**
     * Places one order, blocking. Never throws for what the network does.
     *
     * @param key makes repeating it harmless
     * @param body JSON
     */
    public OrderReply place(String key, String body) {
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection) orders.toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod("POST");
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setDoOutput(true);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            // Streaming mode: the JDK would send a POST again by itself when a kept connection turns out dead.
            connection.setFixedLengthStreamingMode(bytes.length);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("Idempotency-Key", key);
            connection.getOutputStream().write(bytes);
            return reply(connection);
        } catch (IOException e) {
            return new OrderReply(0, null, "", null, String.valueOf(e.getMessage()));
        }
    }

    private static OrderReply reply(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        String requestId = connection.getHeaderField("x-request-id");
        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        Map<String, @Nullable Object> fields = fields(text);
        String problem = status < 400 ? "" : problem(fields, text);
        return new OrderReply(
                status,
                Json.asText(fields.get("id")),
                status < 400 && fields.get("state") != null ? String.valueOf(fields.get("state")) : "",
                requestId,
                problem);
    }

    private static String problem(Map<String, @Nullable Object> fields, String text) {
        Object detail = fields.get("detail") != null ? fields.get("detail") : fields.get("title");
        String said = detail == null ? text.strip() : detail.toString();
        return said.substring(0, Math.min(LONGEST_PROBLEM, said.length()));
    }

    private static Map<String, @Nullable Object> fields(String text) {
        try {
            return Json.object(text);
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }
}
