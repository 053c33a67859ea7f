/**
 * How a mesh comes up and goes down. Start here: {@link dev.perimeter.labs.harness.mesh.lifecycle.BringUp} and {@link
 * dev.perimeter.labs.harness.mesh.lifecycle.TakeDown}.
 */
@NullMarked
package dev.perimeter.labs.harness.mesh.lifecycle;

import org.jspecify.annotations.NullMarked;
