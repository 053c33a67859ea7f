package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.listen.ListenerView;
import dev.perimeter.proxy.sidecar.text.Json;
import java.util.List;
import java.util.Map;

/** {@code /listeners}: name and address of each, as text or, as Envoy does it, as JSON. */
final class ListenersPage implements AdminPage {

    @Override
    public Reply answer(ProxyView proxy, String query) {
        List<ListenerView> listeners = proxy.dataPlane().listeners();
        if (query.equals("format=json")) {
            return Reply.json(Json.write(Map.of(
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
        return Reply.text(200, text.toString());
    }
}
