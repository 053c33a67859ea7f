package dev.perimeter.proxy.sidecar.model;

import dev.perimeter.proxy.testkit.xds.Resources;
import dev.perimeter.proxy.xds.source.ResourceSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;

/** The four variants of the protocol. */
enum Variant {
    AGGREGATED(true, false),
    AGGREGATED_DELTA(true, true),
    SEPARATE(false, false),
    SEPARATE_DELTA(false, true);

    private static final String CONTROL_PLANE = "xds";

    private final boolean aggregated;
    private final boolean delta;

    Variant(boolean aggregated, boolean delta) {
        this.aggregated = aggregated;
        this.delta = delta;
    }

    /** Each in turn. */
    static Variant of(long seed) {
        return values()[Math.floorMod(seed, values().length)];
    }

    boolean delta() {
        return delta;
    }

    /** Where clusters and listeners come from. */
    ResourceSource root() {
        return aggregated ? ResourceSource.ADS : new ResourceSource.Grpc(CONTROL_PLANE, delta);
    }

    /** Where they say that endpoints and routes come from. */
    ConfigSource source() {
        if (aggregated) {
            return Resources.ads();
        }
        return ConfigSource.newBuilder()
                .setApiConfigSource(ApiConfigSource.newBuilder()
                        .setApiType(delta ? ApiType.DELTA_GRPC : ApiType.GRPC)
                        .setTransportApiVersion(ApiVersion.V3)
                        .addGrpcServices(GrpcService.newBuilder()
                                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(CONTROL_PLANE))))
                .build();
    }
}
