/**
 * The whole system as processes: orders under kills and under changes. Start here: {@link
 * dev.perimeter.endtoend.mesh.KillsTest}.
 */
@NullMarked
package dev.perimeter.endtoend.mesh;

import org.jspecify.annotations.NullMarked;
