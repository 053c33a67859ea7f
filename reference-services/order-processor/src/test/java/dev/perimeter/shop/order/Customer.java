package dev.perimeter.shop.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to one order processor over HTTP. */
final class Customer implements AutoCloseable {

    /** An answer, whatever it is. */
    record Reply(HttpResponse<String> response, JsonNode json) {
        int status() {
            return response.statusCode();
        }

        String text(String field) {
            return json.path(field).stringValue("");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();
    private final String origin;

    Customer(int port) {
        origin = "http://127.0.0.1:" + port;
    }

    /** Two teas for 9.00 EUR. */
    static String tea(String card) {
        return """
            {"customer":"ada","items":[{"sku":"tea","quantity":2,"unitPrice":450}],\
            "currency":"EUR","card":"%s"}\
            """.formatted(card);
    }

    /** A card that no other test uses. */
    static String newCard(String kind) {
        return "tok_" + kind + "_" + UUID.randomUUID().toString().replace('-', '_');
    }

    /** @param headers names and values, alternating */
    Reply order(String body, String... headers) {
        var request = request("/orders").header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.POST(BodyPublishers.ofString(body)));
    }

    Reply get(String path) {
        return send(request(path));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin + path)).timeout(Duration.ofSeconds(20));
    }

    Reply send(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response, mapper.readTree(response.body()));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** The status line for a target that {@link URI} would not let out. */
    String statusOf(String target) {
        URI server = URI.create(origin);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void awaitState(String orderPath, String state) {
        await().atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(get(orderPath).text("state")).isEqualTo(state));
    }

    /** The states an order has been in. */
    List<String> states(String orderPath) {
        return get(orderPath + "/history").json().path("history").values().stream()
                .map(event -> event.path("state").stringValue(""))
                .toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
