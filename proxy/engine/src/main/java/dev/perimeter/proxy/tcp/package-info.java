/** Connections as plain bytes: the TCP relay behind {@code tcp_proxy} and CONNECT. Start here: {@link dev.perimeter.proxy.tcp.Relay}. */
@NullMarked
package dev.perimeter.proxy.tcp;

import org.jspecify.annotations.NullMarked;
