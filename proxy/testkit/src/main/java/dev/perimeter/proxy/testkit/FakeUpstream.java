package dev.perimeter.proxy.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on a port of its own that remembers what it was asked. It answers 200 with its name unless a test says
 * otherwise.
 */
public final class FakeUpstream implements AutoCloseable {

    /** A request as it arrived. Header names are as the JDK's server shows them, first letter large. */
    public record Received(String method, String target, Map<String, List<String>> headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The first value, or null. */
        public @Nullable String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.getFirst();
        }
    }

    public record Answer(int status, Map<String, String> headers, byte[] body) {

        public static Answer text(int status, String body) {
            return new Answer(status, Map.of("Content-Type", "text/plain"), body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What to answer; may block, each request has a thread of its own. */
    @FunctionalInterface
    public interface Behaviour {
        Answer answer(Received request) throws Exception;
    }

    /** The JDK's default of 50 drops connections when more come at once, which then look like a slow endpoint. */
    private static final int BACKLOG = 1024;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Behaviour behaviour;

    private FakeUpstream(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    public static FakeUpstream named(String name) {
        return answering(request -> Answer.text(200, name));
    }

    public static FakeUpstream answering(Behaviour behaviour) {
        try {
            return new FakeUpstream(behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Received request = new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            received.add(request);
            Answer answer = behaviour.answer(request);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            boolean empty = answer.body().length == 0 || request.method().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
            if (!empty) {
                exchange.getResponseBody().write(answer.body());
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the test's behaviour failed", e);
        }
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
