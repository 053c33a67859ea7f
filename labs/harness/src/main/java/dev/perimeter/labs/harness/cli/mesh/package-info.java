/**
 * The commands about the mesh on this machine and its resources, one file each. Start here: {@link
 * dev.perimeter.labs.harness.cli.mesh.MeshCommands}.
 */
@NullMarked
package dev.perimeter.labs.harness.cli.mesh;

import org.jspecify.annotations.NullMarked;
