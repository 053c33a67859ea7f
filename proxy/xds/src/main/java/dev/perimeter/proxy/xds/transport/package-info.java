/** Streams to where resources come from: what is asked, what is answered, and gRPC underneath. Start here: {@link dev.perimeter.proxy.xds.transport.XdsTransport}. */
@NullMarked
package dev.perimeter.proxy.xds.transport;

import org.jspecify.annotations.NullMarked;
