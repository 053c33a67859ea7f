package dev.perimeter.proxy.upstream;

/**
 * What one endpoint had and has to do.
 *
 * @param requests all requests (TCP: connections) sent to it so far
 * @param active those in flight now
 * @param connections open now or being opened
 * @param connectFailures attempts to connect that failed so far
 */
public record EndpointLoad(long requests, long active, long connections, long connectFailures) {

    public static final EndpointLoad NONE = new EndpointLoad(0, 0, 0, 0);

    public EndpointLoad plus(EndpointLoad other) {
        return new EndpointLoad(
                requests + other.requests,
                active + other.active,
                connections + other.connections,
                connectFailures + other.connectFailures);
    }
}
