package dev.perimeter.shop.order.payment;

import dev.perimeter.shop.order.ledger.Order;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payment by REST: {@code POST /charges}.
 *
 * <p>The JDK's client asks the process's standard proxy settings ({@code http.proxyHost}) where to connect, so a proxy
 * beside this process needs no line of code here.
 */
final class PaymentOverRest implements PaymentClient, AutoCloseable {

    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final BodyHandler<String> TEXT = BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER);

    private final HttpClient client;
    private final URI charges;
    private final Duration timeout;
    private final JsonMapper json;

    PaymentOverRest(PaymentSettings settings, JsonMapper json) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        this.charges = settings.url().resolve("/charges");
        this.timeout = settings.timeout();
        this.json = json;
    }

    @Override
    public PaymentAnswer charge(Order order) {
        // HttpRequest.timeout would end with the response head; a body that stalls would then wait for ever.
        var exchange = client.sendAsync(request(order), TEXT);
        try {
            return read(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS), order);
        } catch (TimeoutException late) {
            exchange.cancel(true);
            return new PaymentAnswer.NoAnswer("payment did not answer in time");
        } catch (ExecutionException failure) {
            return switch (failure.getCause()) {
                case HttpConnectTimeoutException _, ConnectException _ ->
                    new PaymentAnswer.NoAnswer("payment could not be reached");
                case null, default -> new PaymentAnswer.NoAnswer("the connection to payment broke");
            };
        } catch (InterruptedException shutdown) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            return new PaymentAnswer.NoAnswer("the order processor was stopped while it waited for payment");
        }
    }

    private HttpRequest request(Order order) {
        var body = Map.of(
                "amount", order.total().amount(),
                "currency", order.total().currency().getCurrencyCode(),
                "card", order.card());
        var request = HttpRequest.newBuilder(charges)
                .header("content-type", "application/json")
                .header("accept", "application/json, application/problem+json")
                .header("idempotency-key", order.id().toString());
        order.trace().headers().forEach(request::header);
        return request.POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
    }

    private PaymentAnswer read(HttpResponse<String> response, Order order) {
        return switch (response.statusCode()) {
            case 200, 201 -> readCharge(response.body(), order);
            // Payment's own judgement of the request. Any other 4xx is about the way there, and may pass.
            case 400, 422 -> new PaymentAnswer.Refused("payment refused the charge: " + detail(response.body()));
            default -> new PaymentAnswer.NoAnswer("payment answered " + response.statusCode());
        };
    }

    private PaymentAnswer readCharge(String body, Order order) {
        var charge = parse(body);
        var id = charge.path("id").stringValue("");
        if (id.isEmpty()
                || !charge.path("key").stringValue("").equals(order.id().toString())) {
            return new PaymentAnswer.NoAnswer("payment's answer is not this order's charge");
        }
        return switch (charge.path("status").stringValue("")) {
            case "APPROVED" -> new PaymentAnswer.Approved(id);
            case "DECLINED" ->
                new PaymentAnswer.Declined(id, charge.path("reason").stringValue("declined"));
            default -> new PaymentAnswer.NoAnswer("payment's answer has no known status");
        };
    }

    private String detail(String body) {
        return parse(body).path("detail").stringValue("no reason given");
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException notJson) {
            return json.missingNode();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
