/**
 * Bytes without framing on a stream that shares its connection with others. Start here: {@link
 * dev.perimeter.proxy.http.tunnel.StreamChannel}.
 */
@NullMarked
package dev.perimeter.proxy.http.tunnel;

import org.jspecify.annotations.NullMarked;
