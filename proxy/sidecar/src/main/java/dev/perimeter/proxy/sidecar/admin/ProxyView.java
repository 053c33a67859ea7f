package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the admin pages may know of a proxy, and the few things they may do to it. Called on any thread. */
public interface ProxyView {

    /** Why the proxy cannot take traffic, in one sentence, or null when it can. */
    @Nullable
    String notReady();

    boolean draining();

    /** Stops accepting and lets what is under way end. Again is harmless. */
    void drain();

    /** Says to whoever asks that it is not ready, and ends each connection with its next reply, until told otherwise. */
    void failHealth(boolean failing);

    /** Drains, then ends the process; answers at once. */
    void quit();

    Bootstrap bootstrap();

    /** The path it was read from. */
    String bootstrapFile();

    Instant started();

    Instant now();

    DataPlane dataPlane();

    XdsStatus xds();
}
