package dev.perimeter.controlplane.translate.attach;

import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.HttpRoute.ParentKind;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which HTTPRoutes hang where in one world, and the conditions that follow from references. Immutable once made. */
public final class Attachments {
    /**
     * A route at a listener of a Gateway.
     *
     * @param hosts the hosts it serves there; {@code *} stands for all
     */
    public record AtListener(HttpRoute route, Gateway.Listener listener, List<String> hosts) {}

    private record ServicePort(ObjectKey service, int port) {}

    private final Backends backends;
    private final Doors doors;
    private final Map<ObjectKey, List<AtListener>> atGateways = new HashMap<>();
    private final Map<ServicePort, List<HttpRoute>> atServices = new HashMap<>();
    private final Map<ObjectKey, List<Condition>> conditions = new HashMap<>();

    /** Works everything out. */
    public Attachments(MeshConfig world) {
        this.backends = new Backends(world);
        this.doors = new Doors(world);
        for (Gateway gateway : world.all(Gateway.class)) {
            conditions.put(gateway.key(), List.of(doors.condition(gateway)));
        }
        for (HttpRoute route : world.all(HttpRoute.class)) {
            Condition accepted = attach(route, world);
            conditions.put(route.key(), List.of(accepted, backends.condition(route)));
        }
    }

    /** The routes at a Gateway's listeners, in the order of the routes' names. */
    public List<AtListener> at(Gateway gateway) {
        return List.copyOf(atGateways.getOrDefault(gateway.key(), List.of()));
    }

    /** The routes that govern calls of a service port, in the order of their names. */
    public List<HttpRoute> at(Service service, int port) {
        return List.copyOf(atServices.getOrDefault(new ServicePort(service.key(), port), List.of()));
    }

    /** Accepted and ResolvedRefs of a route, Accepted of a Gateway; nothing for other kinds. */
    public List<Condition> conditions(ObjectKey key) {
        return List.copyOf(conditions.getOrDefault(key, List.of()));
    }

    /** Why a Gateway is not to be served, null if it is. */
    public @Nullable String refusal(Gateway gateway) {
        Condition condition = doors.condition(gateway);
        return condition.holds() ? null : condition.message();
    }

    /** Whether a backend of a route is there and may be used. */
    public boolean resolved(HttpRoute route, HttpRoute.Backend backend) {
        return backends.refusal(route, backend) == null;
    }

    /** A route is accepted when all its parents take it; where one does, it acts there nevertheless. */
    private Condition attach(HttpRoute route, MeshConfig world) {
        Condition refusal = null;
        for (HttpRoute.Parent parent : route.parents()) {
            Condition no = parent.kind() == ParentKind.GATEWAY
                    ? attachToGateway(route, parent, world)
                    : attachToService(route, parent, world);
            refusal = refusal == null ? no : refusal;
        }
        return refusal != null ? refusal : Condition.yes(Condition.Type.ACCEPTED, "Every parent takes the route.");
    }

    private @Nullable Condition attachToGateway(HttpRoute route, HttpRoute.Parent parent, MeshConfig world) {
        Gateway gateway = world.gateway(parent.namespace(), parent.name()).orElse(null);
        if (gateway == null) {
            return no("NoMatchingParent", "There is no " + parent.key() + ".");
        }
        List<AtListener> taken = new ArrayList<>();
        Condition refusal = Doors.meet(gateway, route, parent, taken);
        atGateways.computeIfAbsent(gateway.key(), key -> new ArrayList<>()).addAll(taken);
        return refusal;
    }

    /**
     * A parent Service without a port means the ports on which HTTP is spoken: a rule for requests says nothing about
     * a port that is relayed byte by byte, unless it is named.
     */
    private @Nullable Condition attachToService(HttpRoute route, HttpRoute.Parent parent, MeshConfig world) {
        Service service = world.service(parent.namespace(), parent.name()).orElse(null);
        if (service == null) {
            return no("NoMatchingParent", "There is no " + parent.key() + ".");
        }
        if (!route.meta().namespace().equals(parent.namespace())) {
            return no(
                    "NotAllowedByListeners",
                    "A route for the calls of " + parent.key() + " must be in the same namespace so far.");
        }
        List<Service.Port> governed = Doors.governed(service, parent.port());
        if (governed.isEmpty()) {
            return no(
                    "NoMatchingParent",
                    parent.port() == null
                            ? parent.key() + " has no port with appProtocol http; name the port in parentRefs."
                            : parent.key() + " has no port " + parent.port() + ".");
        }
        for (Service.Port port : governed) {
            atServices
                    .computeIfAbsent(new ServicePort(service.key(), port.port()), key -> new ArrayList<>())
                    .add(route);
        }
        return null;
    }

    private static Condition no(String reason, String message) {
        return Condition.no(Condition.Type.ACCEPTED, reason, message);
    }
}
