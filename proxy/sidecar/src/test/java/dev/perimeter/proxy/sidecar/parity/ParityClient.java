package dev.perimeter.proxy.sidecar.parity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Sends the requests of a {@link ParityFile} over HTTP/1.1, each on a connection of its own. */
final class ParityClient {

    /** An answer as it came. */
    record Raw(int status, Map<String, List<String>> headers, String body) {}

    private final SSLContext tls;

    /** @param tls shows the client's certificate and believes the proxy's */
    ParityClient(SSLContext tls) {
        this.tls = tls;
    }

    /** @param to the real port for the one the request says it went to */
    Raw send(ParityRequest request, int port, int to) throws IOException {
        try (Socket socket = connect(request, port)) {
            socket.setSoTimeout(20_000);
            if (request.to() != 0) {
                String relayed = "PROXY TCP4 127.0.0.1 127.0.0.1 4711 " + to + "\r\n";
                socket.getOutputStream().write(relayed.getBytes(StandardCharsets.ISO_8859_1));
            }
            StringBuilder head = new StringBuilder(request.method() + " " + request.path() + " HTTP/1.1\r\n");
            request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            head.append("connection: close\r\n");
            if (!request.body().isEmpty()) {
                head.append("content-length: " + request.body().length() + "\r\n");
            }
            head.append("\r\n").append(request.body());
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(everything(socket), request);
        }
    }

    /** What came before the end of the connection, be that orderly or not: whether it is whole, its framing says. */
    private static String everything(Socket socket) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        for (int count = some(socket, part); count > 0; count = some(socket, part)) {
            all.write(part, 0, count);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private static int some(Socket socket, byte[] part) {
        try {
            return socket.getInputStream().read(part);
        } catch (IOException reset) {
            return -1;
        }
    }

    private Socket connect(ParityRequest request, int port) throws IOException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 5_000);
        if (!request.tls()) {
            return plain;
        }
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, request.host(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(request.host())));
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Raw read(String all, ParityRequest request) throws IOException {
        int end = all.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer to " + request + " but `" + all + "`");
        }
        String[] lines = all.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(": ?", 2);
            headers.computeIfAbsent(field[0], name -> new ArrayList<>()).add(field[1]);
        }
        String body = all.substring(end + 4);
        if (headers.containsKey("content-length")
                && !request.method().equals("HEAD")
                && body.length()
                        != Integer.parseInt(headers.get("content-length").getFirst())) {
            throw new IOException("the answer to " + request + " is cut off: `" + all + "`");
        }
        if (headers.containsKey("transfer-encoding")) {
            body = whole(body);
        }
        if (headers.containsKey("content-encoding")) {
            byte[] zipped = body.getBytes(StandardCharsets.ISO_8859_1);
            body = new String(
                    new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(), StandardCharsets.UTF_8);
        }
        return new Raw(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    private static String whole(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
