package dev.perimeter.controlplane.translate.listener;

import java.util.Locale;

/** Which way the requests of a listener go. */
enum Direction {
    /** From elsewhere to the workload beside the proxy. */
    INBOUND,
    /** From the workload beside the proxy to elsewhere. */
    OUTBOUND,
    /** From outside the mesh into it. */
    GATEWAY;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
