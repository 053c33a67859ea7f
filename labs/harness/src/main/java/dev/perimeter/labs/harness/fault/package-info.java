/** Faults a check makes on purpose, on a mesh of its own. Start here: {@link dev.perimeter.labs.harness.fault.Faults}. */
@NullMarked
package dev.perimeter.labs.harness.fault;

import org.jspecify.annotations.NullMarked;
