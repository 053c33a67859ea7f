/**
 * One proxy under everything at once, for long. Start here: {@link dev.perimeter.proxy.sidecar.soak.SoakTest}; {@code
 * SoakWorld} is what changes around the proxy, {@code SoakLoad} who asks it.
 */
package dev.perimeter.proxy.sidecar.soak;
