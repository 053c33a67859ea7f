package dev.perimeter.shop.order;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Payment's REST side on a bare socket: only there can an answer be cut at a byte of one's choice. */
final class RestStandIn extends PaymentStandIn {

    private final JsonMapper mapper = new JsonMapper();
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    RestStandIn() {
        try {
            server = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    @Override
    String[] settings() {
        return new String[] {"--payment.transport=rest", "--payment.url=http://127.0.0.1:" + server.getLocalPort()};
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    /** One connection, any number of requests: keep-alive, as the real one does it. */
    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                var headers = new HashMap<String, String>();
                if (line(in).isEmpty()) {
                    return;
                }
                for (var line = line(in); !line.isEmpty(); line = line(in)) {
                    var colon = line.indexOf(':');
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
                var body = mapper.readTree(in.readNBytes(Integer.parseInt(headers.get("content-length"))));
                if (!act(socket, headers, body)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The caller gave up, as some stories want it.
        } finally {
            open.remove(socket);
        }
    }

    /** False when the connection is over. */
    private boolean act(Socket socket, Map<String, String> headers, JsonNode body) throws IOException {
        var key = headers.get("idempotency-key");
        var card = body.path("card").stringValue("");
        var call = new Call(
                key, body.path("amount").longValue(), body.path("currency").stringValue(""), headers);
        var act = next(card, call);
        switch (act) {
            case ANSWER -> send(socket, reply("201 Created", "application/json", chargeJson(key, card)), 1.0);
            case FAIL -> send(socket, reply("503 Service Unavailable", "application/problem+json", "{}"), 1.0);
            case FORBID -> send(socket, reply("403 Forbidden", "text/plain", "RBAC: access denied"), 1.0);
            case NONSENSE -> send(socket, reply("200 OK", "text/html", "<h1>Welcome</h1>"), 1.0);
            case REFUSE ->
                send(
                        socket,
                        reply("422 Unprocessable Content", "application/problem+json", "{\"detail\":\"key reused\"}"),
                        1.0);
            case CHARGE_AND_RESET -> {
                charge(key);
                return reset(socket);
            }
            case RESET_MIDWAY -> {
                send(socket, reply("201 Created", "application/json", chargeJson(key, card)), 0.8);
                return reset(socket);
            }
            case STALL_MIDWAY -> {
                send(socket, reply("201 Created", "application/json", chargeJson(key, card)), 0.8);
                return socket.getInputStream().read() >= 0;
            }
            case HANG -> {
                return socket.getInputStream().read() >= 0;
            }
        }
        return true;
    }

    private String chargeJson(String key, String card) {
        var decided = declines(card) ? "DECLINED\",\"reason\":\"insufficient_funds" : "APPROVED";
        return "{\"id\":\"%s\",\"key\":\"%s\",\"status\":\"%s\"}".formatted(charge(key), key, decided);
    }

    private static byte[] reply(String status, String type, String body) {
        return "HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(status, type, body.length(), body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void send(Socket socket, byte[] reply, double share) throws IOException {
        var out = socket.getOutputStream();
        out.write(reply, 0, (int) (reply.length * share));
        out.flush();
    }

    /** Closing with a linger time of zero sends RST instead of FIN. */
    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        return false;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
