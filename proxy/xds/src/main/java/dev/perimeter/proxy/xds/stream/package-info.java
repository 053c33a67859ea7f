/**
 * Follows control planes: streams, acceptance and refusal, and the delivery of complete configurations to the engine.
 *
 * <p>Start here: {@link dev.perimeter.proxy.xds.stream.AdsClient} (follows), {@link
 * dev.perimeter.proxy.xds.stream.XdsStatus} (how it stands).
 */
@NullMarked
package dev.perimeter.proxy.xds.stream;

import org.jspecify.annotations.NullMarked;
