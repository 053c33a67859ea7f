package dev.perimeter.labs.harness.mesh;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stands for any program of the mesh where only the harness is tested: it has the program's command line, listens where
 * that one would and answers its probe. A file {@code fault} beside its jar makes it die, never be ready, or meet its
 * proxies late.
 */
public final class FakeProgram {
    private static final Pattern ADMIN = Pattern.compile("address: (127\\.\\d+\\.\\d+\\.1)\\s+port_value: 15000");
    private static final Pattern GATEWAY_PORT = Pattern.compile("port: (\\d+)");

    private static final Pattern NODE = Pattern.compile("(sidecar|gateway)~[a-z0-9/-]+");
    private static final Duration LATE = Duration.ofSeconds(2);

    private FakeProgram() {}

    public static void main(String[] args) throws Exception {
        String fault = fault();
        if (fault.equals("die")) {
            System.err.println("ERROR the card reader is on fire");
            System.exit(3);
        }
        List<String> words = List.of(args);
        int status = fault.equals("hang") ? 503 : 200;
        if (words.contains("--bind")) {
            String address = words.get(words.indexOf("--bind") + 1);
            serve(address, 15010, 404, "");
            console(
                    address,
                    status,
                    fault.equals("late") ? LATE : Duration.ZERO,
                    Path.of(words.get(words.indexOf("--resources") + 1)));
        } else if (words.contains("--bootstrap")) {
            proxy(Path.of(words.get(words.indexOf("--bootstrap") + 1)), status);
        } else {
            serve(System.getenv("SERVER_ADDRESS"), Integer.parseInt(System.getenv("SERVER_PORT")), status, "not yet");
        }
        System.err.println("INFO listening");
        new CountDownLatch(1).await();
    }

    /** As of a control plane to which every proxy with a bootstrap comes back that long after its start. */
    private static void console(String address, int status, Duration late, Path resources) throws IOException {
        long from = System.nanoTime() + late.toNanos();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), 8099), 0);
        server.createContext("/", exchange -> {
            List<String> proxies = System.nanoTime() < from ? List.of() : nodes(resources.resolveSibling("bootstrap"));
            byte[] body = "{\"ready\":true,\"objects\":[],\"problems\":[],\"proxies\":[%s]}"
                    .formatted(String.join(",", proxies))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static List<String> nodes(Path bootstraps) throws IOException {
        List<String> proxies = new ArrayList<>();
        try (Stream<Path> files = Files.list(bootstraps)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                Matcher node = NODE.matcher(Files.readString(file));
                if (node.find()) {
                    proxies.add("""
                        {"node":"%s","types":{"listeners":{"sent":"1a","acked":"1a"},"clusters":{"sent":"2b","acked":"2b"}}}
                        """.formatted(node.group()));
                }
            }
        }
        return proxies;
    }

    private static void proxy(Path bootstrap, int status) throws IOException {
        String text = Files.readString(bootstrap);
        Matcher admin = ADMIN.matcher(text);
        if (!admin.find()) {
            throw new IOException("no admin address in " + text);
        }
        serve(admin.group(1), 15000, status, "no listeners yet");
        if (text.contains("gateway~")) {
            Path gateway = bootstrap.resolveSibling("../resources/shop/Gateway/gateway.yaml");
            Matcher port = GATEWAY_PORT.matcher(Files.readString(gateway));
            if (!port.find()) {
                throw new IOException("no port in " + gateway);
            }
            shop(Integer.parseInt(port.group(1)));
        }
    }

    private static void shop(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/orders", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body =
                    ("{\"id\":\"" + UUID.randomUUID() + "\",\"state\":\"PAID\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(201, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static void serve(String address, int port, int status, String text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
        server.createContext("/", exchange -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static String fault() throws IOException {
        Path jar = Path.of(System.getProperty("java.class.path"));
        Path fault = jar.resolveSibling("fault");
        return Files.exists(fault) ? Files.readString(fault) : "";
    }
}
