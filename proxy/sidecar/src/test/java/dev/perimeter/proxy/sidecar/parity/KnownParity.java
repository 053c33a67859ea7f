package dev.perimeter.proxy.sidecar.parity;

import dev.perimeter.proxy.sidecar.parity.ParityAnswer.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where this proxy answers differently from Envoy on purpose. Each entry takes the difference out of an answer of either, so
 * that all else is compared.
 */
final class KnownParity {

    private KnownParity() {}

    static ParityAnswer without(ParityAnswer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers());
        String body = answer.body();
        // Our own replies say in a word what is wrong where Envoy says nothing.
        if (body.equals("no such route") || body.equals("no cluster") || body.equals("the upgrade is not allowed")) {
            body = "";
            headers.put("content-length", List.of("0"));
            headers.remove("content-type");
        }
        headers.remove("grpc-message");
        if (body.equals("Bad Request") || body.equals("A header name has an underscore.")) {
            body = "(what is wrong)";
            headers.remove("content-length");
        }
        // The newer text for an upstream that refuses connections.
        String longer = "remote connection failure";
        if (body.contains("connection failure")) {
            body = body.replace(longer, "connection failure");
            headers.remove("content-length");
        }
        // Our answers to checks have a type, and no name of a cluster where the node has none.
        if (body.isEmpty()
                && headers.getOrDefault("content-length", List.of("")).contains("0")) {
            headers.remove("content-type");
        }
        headers.remove("x-envoy-upstream-healthchecked-cluster", List.of(""));
        // Caches must be told that an answer depends on the origin (Fetch standard, section 3.2.5), and need not be
        // told
        // that a reply without content depends on the encoding; a preflight's answer exposes nothing to a script.
        vary(headers);
        if (headers.containsKey("access-control-allow-methods")) {
            headers.remove("access-control-expose-headers");
        }
        return new ParityAnswer(
                answer.status(),
                headers,
                body,
                answer.seen().stream().map(KnownParity::without).toList());
    }

    /** An edge says in x-forwarded-host what the client asked for, and of the client's address in x-forwarded-for alone. */
    private static Seen without(Seen seen) {
        Map<String, List<String>> headers = new TreeMap<>(seen.headers());
        if (seen.headers().containsKey("x-forwarded-for") && !seen.line().contains("/append")) {
            headers.remove("x-forwarded-host");
        }
        return new Seen(seen.upstream(), seen.line(), headers, seen.body());
    }

    private static void vary(Map<String, List<String>> headers) {
        List<String> vary = new ArrayList<>(headers.getOrDefault("vary", List.of()));
        vary.remove("Origin");
        if (headers.getOrDefault("content-length", List.of()).contains("0")) {
            vary.remove("Accept-Encoding");
        }
        if (vary.isEmpty()) {
            headers.remove("vary");
        } else {
            headers.put("vary", List.copyOf(vary));
        }
    }

    /** A value that is not there is null in a JSON line, flags too; Envoy writes a dash for those. */
    static String without(String log) {
        return log.replace("\"flags\":null", "\"flags\":\"-\"");
    }
}
