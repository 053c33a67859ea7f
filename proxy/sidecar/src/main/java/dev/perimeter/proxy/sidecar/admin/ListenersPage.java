package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.listen.ListenerView;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /listeners}: name and address of each, as text or, as Envoy does it, as JSON. */
final class ListenersPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("format");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        List<ListenerView> listeners = proxy.dataPlane().listeners();
        if (query.get("format", "").equals("json")) {
            return AdminReply.json(Json.write(Map.of(
                    "listener_statuses",
                    listeners.stream()
                            .map(listener -> Map.of(
                                    "name",
                                    listener.name(),
                                    "local_address",
                                    ClustersPage.socketAddress(listener.address())))
                            .toList())));
        }
        StringBuilder text = new StringBuilder();
        for (ListenerView listener : listeners) {
            text.append(listener.name())
                    .append("::")
                    .append(ClustersPage.authority(listener.address()))
                    .append('\n');
        }
        return AdminReply.text(200, text.toString());
    }
}
