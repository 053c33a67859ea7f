/**
 * What routes and clusters say of retries, hedging, copies, time-outs and circuit breakers. Start here: {@link
 * dev.perimeter.proxy.xds.resource.resilience.ResilienceReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.resilience;

import org.jspecify.annotations.NullMarked;
