package dev.perimeter.proxy.route;

import java.time.Duration;

/**
 * How long a request may take; zero means as long as it likes.
 *
 * @param route from the end of the request to the end of the response (Envoy: timeout, default 15 s)
 * @param idle longest silence of the stream in either direction
 */
public record Timeouts(Duration route, Duration idle) {}
