/**
 * A mesh on this machine as a library: bring it up, ask it, change it, end it. The commands, the checks of the labs and
 * the end-to-end tests all use this. Start here: {@link dev.perimeter.labs.harness.mesh.Mesh}.
 */
@NullMarked
package dev.perimeter.labs.harness.mesh;

import org.jspecify.annotations.NullMarked;
