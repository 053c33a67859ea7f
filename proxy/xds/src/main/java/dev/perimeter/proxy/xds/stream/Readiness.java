package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a proxy cannot take traffic yet, in one sentence. Once it can, a lost control plane does not change that. */
public final class Readiness {

    private Readiness() {}

    /** The sentence, or null when the proxy is ready. */
    public static @Nullable String reason(XdsStatus status, Instant now) {
        if (!status.problems().isEmpty()) {
            return status.problems().getFirst();
        }
        if (status.serving()) {
            return status.types().get(ResourceType.LISTENER) instanceof TypeStatus listeners && listeners.isEmpty()
                    ? (status.sources().isEmpty() ? status.target() : "the control plane at " + status.target())
                            + " has no listeners for this node"
                    : null;
        }
        String refused = refused(status);
        if (!status.connected()) {
            String why = status.lost() == null ? "" : ": " + status.lost();
            return "no control plane at " + status.target() + " since " + seconds(status.since(), now) + why + "; "
                    + (refused == null ? "no configuration yet" : refused);
        }
        if (refused != null) {
            return refused;
        }
        for (ResourceType type : List.of(ResourceType.CLUSTER, ResourceType.LISTENER)) {
            TypeStatus of = status.types().get(type);
            if (of == null || !of.answered()) {
                return "waiting for " + type.word() + "s of the control plane at " + status.target();
            }
        }
        return status.waitingFor().isEmpty()
                ? "the configuration is being put into effect"
                : "waiting for " + String.join(", ", status.waitingFor());
    }

    private static @Nullable String refused(XdsStatus status) {
        for (TypeStatus type : status.types().values()) {
            if (type.rejection() != null) {
                return "the first configuration was refused: "
                        + type.rejection().sentence();
            }
        }
        return null;
    }

    private static String seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds()) + " s";
    }
}
