/**
 * Processes of this machine: who they are beyond a number that may be reused, how they are started, probed and
 * ended. Start here: {@link dev.perimeter.labs.harness.process.ProcessId}, then {@link
 * dev.perimeter.labs.harness.process.Probe}.
 */
@NullMarked
package dev.perimeter.labs.harness.process;

import org.jspecify.annotations.NullMarked;
