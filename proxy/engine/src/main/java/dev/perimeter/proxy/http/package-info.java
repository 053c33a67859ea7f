/**
 * Messages and streams, whatever version is on the wire: heads as views of the received bytes, and the two ends of an
 * exchange. Start here: {@link dev.perimeter.proxy.http.ServerStream}, {@link dev.perimeter.proxy.http.Headers}.
 */
@NullMarked
package dev.perimeter.proxy.http;

import org.jspecify.annotations.NullMarked;
