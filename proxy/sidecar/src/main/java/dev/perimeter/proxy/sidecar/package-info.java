/**
 * A proxy as a process: its command line, its life from the first connection to the control plane to the last drained
 * connection.
 *
 * <p>Start here: {@link dev.perimeter.proxy.sidecar.ProxyProcess} (the process), then {@code RunningProxy} (what is wired
 * to what).
 */
@NullMarked
package dev.perimeter.proxy.sidecar;

import org.jspecify.annotations.NullMarked;
