/**
 * The ADS server: what each proxy has, what it was sent, what it took over and what it refused.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.discovery.Discovery} (all proxies, one world), then
 * {@code ProxyStream} (one proxy: the order of types) and {@code Subscription} (one type of one proxy: versions,
 * nonces, ACK and NACK).
 */
@NullMarked
package dev.perimeter.controlplane.discovery;

import org.jspecify.annotations.NullMarked;
