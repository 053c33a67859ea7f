/** Active checks on sockets. Start here: {@link dev.perimeter.proxy.health.probe.SocketProber}. */
@NullMarked
package dev.perimeter.proxy.health.probe;

import org.jspecify.annotations.NullMarked;
