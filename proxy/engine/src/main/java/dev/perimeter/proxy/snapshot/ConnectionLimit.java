package dev.perimeter.proxy.snapshot;

import java.time.Duration;

/**
 * How many connections of one filter chain may be open at once (Envoy: the network filter connection_limit). One that comes
 * above that is closed without a word.
 *
 * @param statPrefix under which they are counted
 * @param most 1 or more
 * @param delay how long such a connection is kept before, so that a client that comes again at once does not come as often
 */
public record ConnectionLimit(String statPrefix, long most, Duration delay) {}
