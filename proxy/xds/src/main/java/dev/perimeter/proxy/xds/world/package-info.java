/**
 * What was accepted, what it still needs, and the snapshot that follows from it. Start here: {@link
 * dev.perimeter.proxy.xds.world.World}, {@link dev.perimeter.proxy.xds.world.Shelf}.
 */
@NullMarked
package dev.perimeter.proxy.xds.world;

import org.jspecify.annotations.NullMarked;
