/**
 * From resources to processes, as a kubelet sees it: which pods there shall be, how each is launched, what others are
 * told of it. Everything here is a pure function. Start here: {@link dev.perimeter.labs.harness.workload.Plan}.
 */
@NullMarked
package dev.perimeter.labs.harness.workload;

import org.jspecify.annotations.NullMarked;
