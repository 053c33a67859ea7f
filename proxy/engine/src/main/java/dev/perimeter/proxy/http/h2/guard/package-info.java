/** What a peer may not do too often. Start here: {@link dev.perimeter.proxy.http.h2.guard.FloodGuard}. */
@NullMarked
package dev.perimeter.proxy.http.h2.guard;

import org.jspecify.annotations.NullMarked;
