/**
 * How a mesh is: what each process says of itself, what the control plane says of proxies and objects, and which link
 * is missing. Start here: {@link dev.perimeter.labs.harness.mesh.status.StatusReader}.
 */
@NullMarked
package dev.perimeter.labs.harness.mesh.status;

import org.jspecify.annotations.NullMarked;
