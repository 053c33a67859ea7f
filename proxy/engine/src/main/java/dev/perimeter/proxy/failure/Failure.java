package dev.perimeter.proxy.failure;

import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.route.HeaderEdits;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange did not end with the upstream's answer. Each case says so in one sentence with the names that an
 * operator needs; those names go into logs and the reason header, never into the body (see {@link LocalReply}).
 */
public sealed interface Failure {

    /** One sentence for people who run the mesh; may hold internal names. */
    String sentence();

    record NoRoute(String authority, String path) implements Failure {
        @Override
        public String sentence() {
            return "no route matches authority '" + authority + "' and path '" + path + "'";
        }
    }

    /** @param status of the answer, which the route chooses */
    record NoCluster(String cluster, int status) implements Failure {
        @Override
        public String sentence() {
            return "the route names cluster '" + cluster + "', which is not known here";
        }
    }

    record NoEndpoint(String cluster) implements Failure {
        @Override
        public String sentence() {
            return "cluster '" + cluster + "' has no endpoint";
        }
    }

    record ConnectFailed(String cluster, String endpoint, int attempts, String cause) implements Failure {
        @Override
        public String sentence() {
            return "cluster '" + cluster + "': no connection after " + attempts + " attempt(s), last to " + endpoint
                    + ": " + cause;
        }
    }

    record Overflow(String cluster, String limit) implements Failure {
        @Override
        public String sentence() {
            return "cluster '" + cluster + "' is at its limit of " + limit;
        }
    }

    record ResponseTimeout(String cluster, long millis) implements Failure {
        @Override
        public String sentence() {
            return "cluster '" + cluster + "' did not answer within " + millis + " ms";
        }
    }

    /** @param idle true when it was silence that took too long, false when it was the attempt as a whole */
    record PerTryTimeout(String cluster, String endpoint, int attempts, boolean idle) implements Failure {
        @Override
        public String sentence() {
            return "cluster '" + cluster + "': no answer within the time of one attempt, after " + attempts
                    + " attempt(s), last to " + endpoint;
        }
    }

    /** @param requestComplete whether the client had said all it had to say */
    record DurationTimeout(boolean requestComplete, String sentence) implements Failure {}

    /** @param retried whether it was not the first attempt */
    record UpstreamReset(String endpoint, Kind kind, boolean retried, String cause) implements Failure {

        public enum Kind {
            /** The connection ended. */
            TERMINATED,
            /** The stream alone was reset by the other side. */
            REMOTE_RESET,
            /** The stream was given up from here. */
            LOCAL_RESET,
            /** What came was not HTTP, or had two meanings. */
            PROTOCOL_ERROR
        }

        @Override
        public String sentence() {
            return "upstream " + endpoint + " ended the exchange: " + cause;
        }
    }

    /** @param requestComplete whether the client had said all it had to say */
    record StreamIdle(boolean requestComplete, String sentence) implements Failure {}

    record Malformed(BadRequest request) implements Failure {
        @Override
        public String sentence() {
            return request.sentence();
        }
    }

    /**
     * A change of protocol that neither the listener nor the route allows.
     *
     * @param protocol that was asked for, or CONNECT
     */
    record TunnelRefused(String protocol, String authority) implements Failure {
        @Override
        public String sentence() {
            return isConnect()
                    ? "CONNECT to '" + authority + "' is not allowed here"
                    : "the upgrade of '" + authority + "' to '" + protocol + "' is not allowed here";
        }

        boolean isConnect() {
            return protocol.equals("CONNECT");
        }
    }

    /** The filter chain ended without a filter that forwards the request. */
    record NoRouter() implements Failure {
        @Override
        public String sentence() {
            return "the filter chain has no router at its end";
        }
    }

    /**
     * A filter's own refusal.
     *
     * @param details short name for {@code %RESPONSE_CODE_DETAILS%}
     * @param body what the client reads; no internal names
     * @param flag shown in the access log, or null
     * @param headers what is changed in the reply's head
     * @param grpcStatus for a gRPC client, or -1 for what the status stands for
     */
    record Refused(
            int status,
            String details,
            String body,
            @Nullable ResponseFlag flag,
            HeaderEdits headers,
            int grpcStatus) implements Failure {

        public Refused(int status, String details, String body, @Nullable ResponseFlag flag) {
            this(status, details, body, flag, HeaderEdits.NONE, -1);
        }

        @Override
        public String sentence() {
            return body;
        }
    }
}
