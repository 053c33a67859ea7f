/**
 * The two ends of an HTTP/2 hop: streams, flow control, limits and the end of a connection, on Netty's frame layer. Start
 * here: {@link dev.perimeter.proxy.http.h2.Http2Endpoint}.
 */
@NullMarked
package dev.perimeter.proxy.http.h2;

import org.jspecify.annotations.NullMarked;
