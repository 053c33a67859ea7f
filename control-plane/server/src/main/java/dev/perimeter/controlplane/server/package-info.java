/**
 * The control plane as a process: its command line, its status and its console.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.server.Main}, then
 * {@link dev.perimeter.controlplane.server.ControlPlane} (what is wired to what).
 */
@NullMarked
package dev.perimeter.controlplane.server;

import org.jspecify.annotations.NullMarked;
