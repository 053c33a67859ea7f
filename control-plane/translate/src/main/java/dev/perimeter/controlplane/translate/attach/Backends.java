package dev.perimeter.controlplane.translate.attach;

import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.HttpRoute.ParentKind;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.Service;
import org.jspecify.annotations.Nullable;

/** Whether the backends of routes are there. One that is not answers 500 for its share, as the Gateway API wants it. */
final class Backends {
    private final MeshConfig world;

    Backends(MeshConfig world) {
        this.world = world;
    }

    /** ResolvedRefs of a route; the message names the first rule and backend that is not there. */
    Condition condition(HttpRoute route) {
        for (int i = 0; i < route.rules().size(); i++) {
            HttpRoute.Rule rule = route.rules().get(i);
            for (int j = 0; j < rule.backends().size(); j++) {
                Condition refusal = refusal(route, rule.backends().get(j));
                if (refusal != null) {
                    String at = "spec.rules[" + i + "].backendRefs[" + j + "]: ";
                    return Condition.no(Condition.Type.RESOLVED_REFS, refusal.reason(), at + refusal.message());
                }
            }
        }
        return Condition.yes(Condition.Type.RESOLVED_REFS, "Every backend is there.");
    }

    /** Why a backend is not to be used, null if it is. */
    @Nullable
    Condition refusal(HttpRoute route, HttpRoute.Backend backend) {
        if (!backend.namespace().equals(route.meta().namespace())) {
            return no("RefNotPermitted", backend.key() + " is in another namespace, which is not permitted so far.");
        }
        Service service = world.service(backend.namespace(), backend.service()).orElse(null);
        if (service == null) {
            return no("BackendNotFound", "There is no " + backend.key() + ".");
        }
        Service.Port port = service.port(backend.port()).orElse(null);
        if (port == null) {
            return no("BackendNotFound", backend.key() + " has no port " + backend.port() + ".");
        }
        boolean atDoor = route.parents().stream().anyMatch(parent -> parent.kind() == ParentKind.GATEWAY);
        if (atDoor && port.protocol() == AppProtocol.H2C) {
            return no(
                    "UnsupportedProtocol",
                    backend.key() + " speaks " + port.protocol().word() + " on port " + backend.port()
                            + ", which a Gateway does not forward so far.");
        }
        return null;
    }

    private static Condition no(String reason, String message) {
        return Condition.no(Condition.Type.RESOLVED_REFS, reason, message);
    }
}
