package dev.perimeter.proxy.cluster;

/**
 * What one endpoint had and has to do, over all event loops.
 *
 * @param requests all requests (TCP: connections) sent to it so far
 * @param active those in flight now
 * @param connections open now or being opened
 * @param connectFailures attempts to connect that failed so far
 * @param successes answers below 500 so far
 * @param errors answers of 500 and above, and requests that got none
 * @param timeouts requests that were not answered in time; among the errors
 * @param localFailures errors that were not an answer of the endpoint; among the errors
 */
public record EndpointLoad(
        long requests,
        long active,
        long connections,
        long connectFailures,
        long successes,
        long errors,
        long timeouts,
        long localFailures) {}
