package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.discovery.ProxyView;
import dev.perimeter.controlplane.discovery.ResourceType;
import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.translate.Resource;
import dev.perimeter.controlplane.translate.attach.Condition;
import dev.perimeter.controlplane.translate.attach.Condition.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which objects have arrived at every proxy they concern: those that asked for a resource made from them. */
final class Programming {
    /** What is known of one object; a refusal outweighs waiting, and waiting outweighs having. */
    private static final class Progress {
        private String waiting = "";
        private String refused = "";
    }

    private final Map<ObjectKey, Progress> progress = new HashMap<>();

    private Programming() {}

    static Programming of(List<ProxyView> proxies) {
        Programming programming = new Programming();
        for (ProxyView proxy : proxies) {
            proxy.types().forEach((type, view) -> programming.add(proxy, type, view));
        }
        return programming;
    }

    private void add(ProxyView proxy, ResourceType type, ProxyView.TypeView view) {
        view.wanted().forEach((name, version) -> {
            Resource resource = proxy.target().ofType(type.typeUrl()).get(name);
            if (resource == null) {
                return;
            }
            boolean has = version.equals(view.has().get(name));
            for (ObjectKey cause : resource.causes().keySet()) {
                Progress of = progress.computeIfAbsent(cause, key -> new Progress());
                if (!has) {
                    of.waiting = proxy.node() + " has not taken over " + name + " yet.";
                }
            }
        });
        for (ProxyView.Refused refused : view.refused()) {
            refused.causes()
                    .forEach(cause -> progress.computeIfAbsent(cause, key -> new Progress()).refused =
                            proxy.node() + " refuses " + refused.name() + ": " + refused.message());
        }
    }

    /** Programmed, for the kinds that proxies are programmed with. */
    Optional<Condition> condition(MeshObject object) {
        boolean concerns = object instanceof Service
                || object instanceof EndpointSlice
                || object instanceof Gateway
                || object instanceof HttpRoute;
        if (!concerns) {
            return Optional.empty();
        }
        Progress of = progress.get(object.key());
        if (of == null) {
            return Optional.of(no("NoProxy", "No connected proxy asked for anything made from it."));
        }
        if (!of.refused.isEmpty()) {
            return Optional.of(no("Rejected", of.refused));
        }
        return Optional.of(
                of.waiting.isEmpty()
                        ? new Condition(Type.PROGRAMMED, true, "Programmed", "Every proxy concerned has it.")
                        : no("Pending", of.waiting));
    }

    private static Condition no(String reason, String message) {
        return new Condition(Type.PROGRAMMED, false, reason, message);
    }
}
