package dev.perimeter.shop.payment;

import dev.perimeter.shop.contracts.PaymentsGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One instance of payment on free ports, and a client for each of its doors. */
final class RunningPayment implements AutoCloseable {

    /** An answer by REST. */
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

    private final ServletWebServerApplicationContext context;
    private final ManagedChannel channel;
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();

    RunningPayment(String... settings) {
        var arguments = Stream.concat(
                Stream.of(
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--spring.grpc.server.port=0",
                        "--spring.datasource.hikari.connection-timeout=500"),
                Stream.of(settings));
        context = (ServletWebServerApplicationContext)
                SpringApplication.run(Payment.class, arguments.toArray(String[]::new));
        var grpcPort = context.getBean(GrpcServerLifecycle.class).getPort();
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
    }

    PaymentsGrpc.PaymentsBlockingStub grpc() {
        return PaymentsGrpc.newBlockingStub(channel);
    }

    Reply charge(String key, String body) {
        return send(request("/charges")
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Reply get(String path) {
        return send(request(path));
    }

    HttpRequest.Builder request(String path) {
        var port = context.getWebServer().getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
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

    @Override
    public void close() {
        channel.shutdownNow();
        client.shutdownNow();
        context.close();
    }
}
