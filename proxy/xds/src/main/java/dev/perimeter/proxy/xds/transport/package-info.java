/** Streams to a control plane: what is asked, what is answered, and gRPC underneath. Start here: {@link dev.perimeter.proxy.xds.transport.AdsTransport}. */
@NullMarked
package dev.perimeter.proxy.xds.transport;

import org.jspecify.annotations.NullMarked;
