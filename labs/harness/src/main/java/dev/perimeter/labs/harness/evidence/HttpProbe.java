package dev.perimeter.labs.harness.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A small HTTP client that uses a proxy only when told to, whatever the settings of this JVM. */
final class HttpProbe {

    private static final int MILLIS = 30_000;

    Reply post(String url, String idempotencyKey, String json) {
        try {
            HttpURLConnection connection = open(Optional.empty(), url);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Idempotency-Key", idempotencyKey);
            connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
            return reply(connection);
        } catch (IOException failed) {
            throw new UncheckedIOException("POST " + url + ": " + failed.getMessage(), failed);
        }
    }

    /** Empty when no answer came at all. */
    Optional<Reply> tryGet(Optional<String> proxy, String url) {
        try {
            return Optional.of(reply(open(proxy, url)));
        } catch (IOException failed) {
            return Optional.empty();
        }
    }

    private static HttpURLConnection open(Optional<String> proxy, String url) throws IOException {
        Proxy by = proxy.map(HttpProbe::proxy).orElse(Proxy.NO_PROXY);
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(by);
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        connection.setUseCaches(false);
        return connection;
    }

    private static Proxy proxy(String address) {
        int colon = address.lastIndexOf(':');
        return new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
    }

    private static Reply reply(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        Map<String, List<String>> headers = connection.getHeaderFields().entrySet().stream()
                .filter(entry -> entry.getKey() != null)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (one, two) -> one));
        return new Reply(status, headers, body);
    }
}
