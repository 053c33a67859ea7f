/**
 * Transport sockets and the secrets of TLS. Start here: {@link
 * dev.perimeter.proxy.xds.resource.tls.TransportSocketReader}, {@link dev.perimeter.proxy.xds.resource.tls.SecretReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.tls;

import org.jspecify.annotations.NullMarked;
