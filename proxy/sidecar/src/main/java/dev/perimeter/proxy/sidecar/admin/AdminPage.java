package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import java.util.Set;

/** One page. A new one is one line in the catalogue of {@link AdminServer}. Called on any thread, several at once. */
@FunctionalInterface
public interface AdminPage {

    /** What may stand in the query; anything else is answered with 400. */
    default Set<String> parameters() {
        return Set.of();
    }

    AdminReply answer(ProxyView proxy, Query query);

    /** The answer to a value that makes no sense. */
    static AdminReply wrong(String parameter, String sentence) {
        return AdminReply.text(400, "`" + parameter + "` " + sentence + "\n");
    }
}
