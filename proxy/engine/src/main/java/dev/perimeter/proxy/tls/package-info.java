/**
 * TLS as the configuration says it, and what is known of a connection that has it. Start here: {@link
 * dev.perimeter.proxy.tls.DownstreamTls}, {@link dev.perimeter.proxy.tls.TlsConnection}.
 */
@NullMarked
package dev.perimeter.proxy.tls;

import org.jspecify.annotations.NullMarked;
