package dev.perimeter.controlplane.translate.cluster;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** The two small messages that stand everywhere: where config comes from, and a socket's address. */
public final class Sources {
    private Sources() {}

    /** "From the stream this came by", which keeps the order of related changes. */
    public static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .build();
    }

    /** An internal listener of the proxy that reads this. */
    public static Address internal(String listener) {
        return Address.newBuilder()
                .setEnvoyInternalAddress(EnvoyInternalAddress.newBuilder().setServerListenerName(listener))
                .build();
    }

    /** An IP address and a TCP port. */
    public static Address socket(String address, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
                .build();
    }
}
