package dev.perimeter.proxy.listen;

import java.net.InetSocketAddress;

/**
 * A listener as the admin pages show it.
 *
 * @param address where it listens, with the real port should the config have asked for any
 * @param connections open now
 */
public record ListenerView(String name, InetSocketAddress address, int connections) {}
