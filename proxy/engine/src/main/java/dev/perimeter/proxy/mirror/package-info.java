/** Copies of requests to other clusters, of which no client ever notices. Start here: {@link dev.perimeter.proxy.mirror.Mirrors}. */
@NullMarked
package dev.perimeter.proxy.mirror;

import org.jspecify.annotations.NullMarked;
