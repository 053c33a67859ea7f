/**
 * Follows a control plane over one ADS stream, state of the world: what is asked, accepted or refused, and when the
 * engine gets a new snapshot. All of it runs on one control thread.
 *
 * <p>Start here: {@link dev.perimeter.proxy.xds.stream.AdsClient}, then {@code Subscription} (the protocol of one type) and
 * {@code Warming} (when a configuration is complete).
 */
@NullMarked
package dev.perimeter.proxy.xds.stream;

import org.jspecify.annotations.NullMarked;
