package dev.perimeter.proxy.sidecar.parity;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request of a {@link ParityFile}: {@code [Nx] [sticky] [tls] [to:PORT] [@LISTENER] METHOD PATH [| header: value]...}, with
 * {@code body} for a header that is none.
 *
 * @param times sent so often; only the shares of the upstreams are compared then
 * @param sticky cookies that are set are sent back
 * @param to where a PROXY protocol header (HAProxy, version 1) says it went, a port as the file has it; 0 for no header
 * @param listener its name, or empty for the only one
 */
record ParityRequest(
        int times,
        boolean sticky,
        boolean tls,
        int to,
        String listener,
        String method,
        String path,
        Map<String, String> headers,
        String body) {

    static ParityRequest parse(String line) {
        String[] parts = line.split(" \\| ");
        int times = 1;
        boolean sticky = false;
        boolean tls = false;
        int to = 0;
        String listener = "";
        String method = "";
        String path = "";
        for (String word : parts[0].strip().split(" ")) {
            if (word.matches("\\d+x")) {
                times = Integer.parseInt(word.substring(0, word.length() - 1));
            } else if (word.equals("sticky")) {
                sticky = true;
            } else if (word.equals("tls")) {
                tls = true;
            } else if (word.matches("to:\\d+")) {
                to = Integer.parseInt(word.substring(3));
            } else if (word.startsWith("@")) {
                listener = word.substring(1);
            } else if (method.isEmpty()) {
                method = word;
            } else {
                path = word;
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] field = parts[i].split(": ?", 2);
            headers.put(field[0], field[1]);
        }
        String body = headers.containsKey("body") ? headers.remove("body") : "";
        headers.putIfAbsent("host", "service.example");
        return new ParityRequest(times, sticky, tls, to, listener, method, path, headers, body);
    }

    String host() {
        return headers.get("host");
    }

    ParityRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ParityRequest(times, sticky, tls, to, listener, method, path, more, body);
    }
}
