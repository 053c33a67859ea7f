/**
 * Opening connections to endpoints: TCP, the header of a relay, TLS. Start here: {@link
 * dev.perimeter.proxy.upstream.connect.Connector}.
 */
@NullMarked
package dev.perimeter.proxy.upstream.connect;

import org.jspecify.annotations.NullMarked;
