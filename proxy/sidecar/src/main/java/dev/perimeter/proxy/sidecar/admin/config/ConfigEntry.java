package dev.perimeter.proxy.sidecar.admin.config;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.Absence;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import dev.perimeter.proxy.xds.world.Held;
import dev.perimeter.proxy.xds.world.Rejection;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A resource that is there, was refused, or both, or is asked for and not there.
 *
 * @param held what is in use, or null
 * @param failure the form that was refused last, or null
 */
public record ConfigEntry(
        String name, @Nullable Held<?> held, @Nullable UpdateFailureState failure, ClientResourceStatus status) {

    /** All of a type that came from elsewhere than the bootstrap, by name. */
    static List<ConfigEntry> of(XdsStatus xds, ResourceType type) {
        TypeStatus of = xds.types().get(type);
        List<ConfigEntry> entries = new ArrayList<>();
        if (of == null) {
            return entries;
        }
        Set<String> names = new TreeSet<>(of.resources().keySet());
        names.addAll(of.rejections().keySet());
        names.addAll(of.absent().keySet());
        for (String name : names) {
            Rejection rejection = of.rejections().get(name);
            entries.add(new ConfigEntry(
                    name,
                    of.resources().get(name),
                    rejection == null ? null : failure(rejection),
                    status(rejection, of.absent().get(name))));
        }
        return entries;
    }

    private static ClientResourceStatus status(@Nullable Rejection rejection, @Nullable Absence absence) {
        if (rejection != null) {
            return ClientResourceStatus.NACKED;
        }
        return switch (absence) {
            case null -> ClientResourceStatus.ACKED;
            case REQUESTED -> ClientResourceStatus.REQUESTED;
            case DOES_NOT_EXIST -> ClientResourceStatus.DOES_NOT_EXIST;
        };
    }

    private static UpdateFailureState failure(Rejection rejection) {
        UpdateFailureState.Builder state = UpdateFailureState.newBuilder()
                .setLastUpdateAttempt(timestamp(rejection.at()))
                .setDetails(rejection.sentence())
                .setVersionInfo(rejection.version());
        Any raw = rejection.raw();
        return raw == null ? state.build() : state.setFailedConfiguration(raw).build();
    }

    String version() {
        return held == null ? "" : held.version();
    }

    /** As it came, or nothing. */
    Any raw() {
        return held == null ? Any.getDefaultInstance() : held.resource().raw();
    }

    Timestamp updated() {
        return held == null ? Timestamp.getDefaultInstance() : timestamp(held.updated());
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
