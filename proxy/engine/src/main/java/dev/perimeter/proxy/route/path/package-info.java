/** Paths taken apart and put together again. Start here: {@link dev.perimeter.proxy.route.path.PathCleaning}. */
@NullMarked
package dev.perimeter.proxy.route.path;

import org.jspecify.annotations.NullMarked;
