package dev.perimeter.controlplane.translate.attach;

import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.Gateway.AllowedRoutes;
import dev.perimeter.controlplane.model.GatewayClass;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules by which parents take routes. */
final class Doors {
    private final MeshConfig world;

    Doors(MeshConfig world) {
        this.world = world;
    }

    /** Whether we serve a Gateway: its class must be there and be ours. */
    Condition condition(Gateway gateway) {
        ObjectKey key = new ObjectKey("GatewayClass", "", gateway.gatewayClass());
        if (!(world.find(key).orElse(null) instanceof GatewayClass gatewayClass)) {
            return Condition.no(Condition.Type.ACCEPTED, "NoSuchClass", "There is no " + key + ".");
        }
        if (!gatewayClass.controllerName().equals(GatewayClass.OURS)) {
            return Condition.no(
                    Condition.Type.ACCEPTED,
                    "OtherController",
                    key + " belongs to the controller " + gatewayClass.controllerName() + ", not to "
                            + GatewayClass.OURS + ".");
        }
        return Condition.yes(Condition.Type.ACCEPTED, "The Gateway is served here.");
    }

    /** Fills in where at a Gateway a route hangs; null if it does anywhere, else why not. */
    static @Nullable Condition meet(
            Gateway gateway, HttpRoute route, HttpRoute.Parent parent, List<Attachments.AtListener> taken) {
        boolean asked = false;
        boolean allowed = false;
        for (Gateway.Listener listener : gateway.listeners()) {
            if (parent.sectionName() != null && !parent.sectionName().equals(listener.name())
                    || parent.port() != null && parent.port() != listener.port()) {
                continue;
            }
            asked = true;
            if (listener.routes() == AllowedRoutes.SAME
                    && !gateway.meta().namespace().equals(route.meta().namespace())) {
                continue;
            }
            allowed = true;
            List<String> hosts = Hostnames.intersection(listener.hostname(), route.hostnames());
            if (!hosts.isEmpty()) {
                taken.add(new Attachments.AtListener(route, listener, hosts));
            }
        }
        if (!taken.isEmpty()) {
            return null;
        }
        if (!asked) {
            return no("NoMatchingParent", gateway.key() + " has no listener of that sectionName and port.");
        }
        return allowed
                ? no("NoMatchingListenerHostname", "No listener of " + gateway.key() + " is for these hostnames.")
                : no(
                        "NotAllowedByListeners",
                        gateway.key() + " takes only routes of its own namespace (allowedRoutes.namespaces.from).");
    }

    /** The ports of a service that a parent reference means. */
    static List<Service.Port> governed(Service service, @Nullable Integer port) {
        return service.ports().stream()
                .filter(each -> port == null ? each.protocol() == AppProtocol.HTTP : each.port() == port)
                .toList();
    }

    private static Condition no(String reason, String message) {
        return Condition.no(Condition.Type.ACCEPTED, reason, message);
    }
}
