/** Deadlines that almost never come. Start here: {@link dev.perimeter.proxy.upstream.time.LazyTimer}. */
@NullMarked
package dev.perimeter.proxy.upstream.time;

import org.jspecify.annotations.NullMarked;
