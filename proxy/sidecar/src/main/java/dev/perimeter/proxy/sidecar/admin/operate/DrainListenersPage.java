package dev.perimeter.proxy.sidecar.admin.operate;

import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import java.util.Set;

/**
 * {@code POST /drain_listeners}. With {@code graceful} connections are asked to go before their listener closes; with
 * {@code skip_exit} too, the listener stays open and only asks.
 */
public final class DrainListenersPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("graceful", "inboundonly", "skip_exit");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        if (query.isOn("inboundonly")) {
            return AdminPage.wrong(
                    "inboundonly", "is not supported: listeners do not say in which direction they work");
        }
        if (query.isOn("skip_exit") && !query.isOn("graceful")) {
            return AdminPage.wrong("skip_exit", "goes with graceful only");
        }
        if (query.isOn("skip_exit")) {
            proxy.failHealth(true);
        } else {
            proxy.drain();
        }
        return AdminReply.text(200, "OK\n");
    }
}
