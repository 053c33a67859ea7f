package dev.perimeter.labs.harness.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a process can do its work, asked from outside. Written as {@code http://HOST:PORT/PATH} (ready when it
 * answers 200) or {@code tcp://HOST:PORT} (ready when it accepts).
 *
 * @param path null for a probe that only connects
 */
public record Probe(
        String host,
        int port,
        @org.jspecify.annotations.Nullable String path) {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int LONGEST_REASON = 300;

    public static Probe http(String host, int port, String path) {
        return new Probe(host, port, path);
    }

    public static Probe tcp(String host, int port) {
        return new Probe(host, port, null);
    }

    /** The probe that {@link #toString} wrote. */
    public static Probe parse(String text) {
        java.net.URI uri = java.net.URI.create(text);
        return new Probe(uri.getHost(), uri.getPort(), "http".equals(uri.getScheme()) ? uri.getPath() : null);
    }

    /** Asks once, blocking for up to three seconds. Empty when ready, else why not, in words for a person. */
    public Optional<String> ask() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            if (path == null) {
                return Optional.empty();
            }
            socket.setSoTimeout(ANSWER_MILLIS);
            String request = "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n".formatted(path, host, port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return judge(read(socket.getInputStream()));
        } catch (ConnectException e) {
            return Optional.of("nothing listens at " + host + ":" + port);
        } catch (SocketTimeoutException e) {
            return Optional.of("no answer from " + host + ":" + port);
        } catch (IOException e) {
            return Optional.of("%s:%d: %s".formatted(host, port, e.getMessage()));
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(4_096), StandardCharsets.UTF_8);
    }

    private Optional<String> judge(String answer) {
        if (answer.startsWith("HTTP/1.1 200")) {
            return Optional.empty();
        }
        if (answer.isEmpty()) {
            return Optional.of("%s:%d closed without an answer".formatted(host, port));
        }
        int body = answer.indexOf("\r\n\r\n");
        String said = body < 0 ? "" : answer.substring(body + 4).strip();
        boolean chunked =
                body > 0 && answer.substring(0, body).toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
        String reason = chunked ? unchunked(said) : said;
        String status = answer.lines().findFirst().orElse("");
        String sentence = reason.isEmpty() ? status : reason;
        return Optional.of(sentence.lines()
                .findFirst()
                .orElse(status)
                .substring(
                        0,
                        Math.min(
                                LONGEST_REASON,
                                sentence.lines().findFirst().orElse(status).length())));
    }

    /** The first chunk's text, which is all a one-sentence reason needs. */
    private static String unchunked(String body) {
        return body.lines().skip(1).findFirst().orElse("");
    }

    @Override
    public String toString() {
        return path == null ? "tcp://%s:%d".formatted(host, port) : "http://%s:%d%s".formatted(host, port, path);
    }
}
