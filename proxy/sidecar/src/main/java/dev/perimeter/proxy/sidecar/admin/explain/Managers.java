package dev.perimeter.proxy.sidecar.admin.explain;

import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A connection manager and where it stands.
 *
 * @param chain name of its filter chain; empty if it has none
 */
record Managers(String listener, String chain, HttpManagerConfig manager) {

    /** All connection managers of a snapshot, by the names of their listeners. */
    static List<Managers> of(Snapshot snapshot) {
        List<Managers> managers = new ArrayList<>();
        for (ListenerConfig listener : snapshot.listeners().values()) {
            listener.allChains().forEach(chain -> {
                if (chain.handling() instanceof HttpManagerConfig manager) {
                    managers.add(new Managers(listener.name(), chain.name(), manager));
                }
            });
        }
        managers.sort(Comparator.comparing(Managers::listener));
        return managers;
    }
}
