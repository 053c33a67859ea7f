package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import org.jspecify.annotations.Nullable;

/** The ways to the places that a configuration may name. Called on the control thread. */
public interface Transports extends AutoCloseable {

    /** Why nothing can come from this source, e.g. {@code there is no static cluster `xds`}; null when it can. */
    @Nullable
    String unknown(ResourceSource source);

    /** A way to a known source. @param type the one type that is asked for there; all types on ADS */
    XdsTransport to(ResourceSource source, ResourceType type);

    /** Frees what the transports share; they are closed before. */
    @Override
    void close();

    /** Only ADS, by this transport. */
    static Transports onlyAds(XdsTransport ads) {
        return new Transports() {
            @Override
            public @Nullable String unknown(ResourceSource source) {
                return source.equals(ResourceSource.ADS) ? null : "only ADS is known here";
            }

            @Override
            public XdsTransport to(ResourceSource source, ResourceType type) {
                return ads;
            }

            @Override
            public void close() {}
        };
    }
}
