/** The whole runtime configuration of a proxy as one immutable value. Start here: {@link dev.perimeter.proxy.snapshot.Snapshot}. */
@NullMarked
package dev.perimeter.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
