package dev.perimeter.proxy.sidecar.admin;

import java.nio.charset.StandardCharsets;

/** One page. A new one is one line in the catalogue of {@link AdminServer}. */
@FunctionalInterface
interface AdminPage {

    /** @param query as it stands in the URL, empty if there is none */
    Reply answer(ProxyView proxy, String query);

    /** What comes back. */
    record Reply(int status, String contentType, byte[] body) {

        static Reply text(int status, String text) {
            return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }

        static Reply json(String json) {
            return new Reply(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
        }
    }
}
