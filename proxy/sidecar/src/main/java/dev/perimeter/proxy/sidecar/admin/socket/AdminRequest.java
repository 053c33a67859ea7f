package dev.perimeter.proxy.sidecar.admin.socket;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an admin page.
 *
 * @param target path and query as they were sent
 * @param headers by their names in lower case; of several with one name all, with commas between
 */
public record AdminRequest(String method, String target, Map<String, String> headers) {

    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Without its question mark; empty if there is none. */
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }
}
