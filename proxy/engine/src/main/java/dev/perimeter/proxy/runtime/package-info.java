/**
 * A snapshot made ready for traffic, and what each event loop owns while it serves. Start here: {@link
 * dev.perimeter.proxy.runtime.RuntimeSnapshot}, {@link dev.perimeter.proxy.runtime.Worker}.
 */
@NullMarked
package dev.perimeter.proxy.runtime;

import org.jspecify.annotations.NullMarked;
