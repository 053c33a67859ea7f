package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's HTTP connection manager.
 *
 * @param filters the chain in order, the router last
 * @param accessLogs written when an exchange ends
 */
public record HttpManagerConfig(
        String statPrefix,
        RouteSource routes,
        List<NamedFilter> filters,
        HttpLimits limits,
        HttpTimeouts timeouts,
        EdgeBehaviour edge,
        LocalReplyFormat localReplies,
        List<AccessLog> accessLogs,
        HttpProtocols protocols,
        RequestCleaning cleaning)
        implements ListenerConfig.ConnectionHandling {

    public HttpManagerConfig(
            String statPrefix,
            RouteSource routes,
            List<NamedFilter> filters,
            HttpLimits limits,
            HttpTimeouts timeouts,
            EdgeBehaviour edge,
            LocalReplyFormat localReplies,
            List<AccessLog> accessLogs,
            HttpProtocols protocols) {
        this(
                statPrefix,
                routes,
                filters,
                limits,
                timeouts,
                edge,
                localReplies,
                accessLogs,
                protocols,
                RequestCleaning.NONE);
    }

    public sealed interface RouteSource {

        record Inline(RouteTable table) implements RouteSource {}

        record Named(String routeTable) implements RouteSource {}
    }

    /**
     * What is spoken with clients.
     *
     * @param absoluteUrlAllowed whether targets in absolute form are taken (RFC 9112 section 3.2.2)
     * @param connectAllowed whether CONNECT is taken at all
     * @param upgrades protocols that a client may go on with, in lower case, unless a route says otherwise
     * @param ignoredUpgrades protocols whose offer is passed over (ignore_http_11_upgrade); others are refused
     */
    public record HttpProtocols(
            Codec codec,
            boolean absoluteUrlAllowed,
            boolean connectAllowed,
            Set<String> upgrades,
            List<ValueMatch.Test> ignoredUpgrades,
            Http2Options http2) {

        /** What is taken for HTTP; AUTO follows ALPN, and without TLS the first bytes. */
        public enum Codec {
            AUTO,
            HTTP1,
            HTTP2
        }

        public HttpProtocols {
            upgrades = Set.copyOf(upgrades);
            ignoredUpgrades = List.copyOf(ignoredUpgrades);
        }

        public HttpProtocols(boolean absoluteUrlAllowed, boolean connectAllowed) {
            this(Codec.AUTO, absoluteUrlAllowed, connectAllowed, Set.of(), List.of(), Http2Options.DEFAULTS);
        }
    }

    /**
     * A filter under the name that routes use to address it.
     *
     * @param disabled whether it is left out unless a route says something of it
     */
    public record NamedFilter(String name, FilterFactory factory, boolean disabled) {

        public NamedFilter(String name, FilterFactory factory) {
            this(name, factory, false);
        }
    }

    /**
     * What a message may cost before it is refused.
     *
     * @param maxHeaderBytes start line and headers together (Envoy: max_request_headers_kb, default 60 KiB)
     * @param maxHeaderCount number of header lines (Envoy: common_http_protocol_options.max_headers_count, default 100)
     * @param maxRequestsPerConnection after which the connection drains, 0 for no limit (Envoy:
     *     common_http_protocol_options.max_requests_per_connection)
     * @param underscores in header names (Envoy: common_http_protocol_options.headers_with_underscores_action)
     */
    public record HttpLimits(
            int maxHeaderBytes, int maxHeaderCount, int maxRequestsPerConnection, Underscores underscores) {

        public enum Underscores {
            ALLOW,
            /** Answered 400. */
            REJECT_REQUEST,
            /** The request goes on without the field. */
            DROP_HEADER
        }

        public HttpLimits(int maxHeaderBytes, int maxHeaderCount) {
            this(maxHeaderBytes, maxHeaderCount, 0, Underscores.ALLOW);
        }

        public static final HttpLimits DEFAULTS = new HttpLimits(60 * 1024, 100);
    }

    /**
     * Bounds on a slow client; zero means none.
     *
     * @param requestHeaders from the first byte of a request to the end of its headers (request_headers_timeout)
     * @param request from the first byte of a request to its last (request_timeout)
     * @param streamIdle longest silence within an exchange (stream_idle_timeout, default 5 min)
     * @param connectionIdle keep-alive between requests (common_http_protocol_options.idle_timeout, default 1 h)
     * @param drain how long a connection may live on after its listener was told to drain (drain_timeout, default 5 s)
     * @param maxStream from the first to the last byte of an exchange, unless its route says otherwise
     *     (common_http_protocol_options.max_stream_duration)
     * @param maxConnection from accepting a connection until it drains
     *     (common_http_protocol_options.max_connection_duration)
     */
    public record HttpTimeouts(
            Duration requestHeaders,
            Duration request,
            Duration streamIdle,
            Duration connectionIdle,
            Duration drain,
            Duration maxStream,
            Duration maxConnection) {

        public HttpTimeouts(
                Duration requestHeaders,
                Duration request,
                Duration streamIdle,
                Duration connectionIdle,
                Duration drain) {
            this(requestHeaders, request, streamIdle, connectionIdle, drain, Duration.ZERO, Duration.ZERO);
        }

        public static final HttpTimeouts DEFAULTS = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Duration.ofSeconds(5));
    }

    /**
     * How the connection manager treats what came from outside; each field is Envoy's of the same name.
     *
     * @param serverName value of {@code server_name}; used unless {@code serverHeader} is PASS_THROUGH
     * @param internalRanges cidr_ranges of internal_address_config; empty, as in Envoy, means that nobody is internal
     * @param via by what name requests and answers say that they came through here; empty for none
     */
    public record EdgeBehaviour(
            boolean useRemoteAddress,
            int xffNumTrustedHops,
            boolean skipXffAppend,
            boolean generateRequestId,
            boolean preserveExternalRequestId,
            boolean alwaysSetRequestIdInResponse,
            ServerHeader serverHeader,
            String serverName,
            ClientCertForwarding clientCert,
            List<AddressRange> internalRanges,
            String via) {

        public EdgeBehaviour(
                boolean useRemoteAddress,
                int xffNumTrustedHops,
                boolean skipXffAppend,
                boolean generateRequestId,
                boolean preserveExternalRequestId,
                boolean alwaysSetRequestIdInResponse,
                ServerHeader serverHeader,
                String serverName) {
            this(
                    useRemoteAddress,
                    xffNumTrustedHops,
                    skipXffAppend,
                    generateRequestId,
                    preserveExternalRequestId,
                    alwaysSetRequestIdInResponse,
                    serverHeader,
                    serverName,
                    ClientCertForwarding.SANITIZE,
                    List.of(),
                    "");
        }

        public EdgeBehaviour with(ClientCertForwarding forwarding) {
            return new EdgeBehaviour(
                    useRemoteAddress,
                    xffNumTrustedHops,
                    skipXffAppend,
                    generateRequestId,
                    preserveExternalRequestId,
                    alwaysSetRequestIdInResponse,
                    serverHeader,
                    serverName,
                    forwarding,
                    internalRanges,
                    via);
        }

        public EdgeBehaviour withInternal(AddressRange... ranges) {
            return new EdgeBehaviour(
                    useRemoteAddress,
                    xffNumTrustedHops,
                    skipXffAppend,
                    generateRequestId,
                    preserveExternalRequestId,
                    alwaysSetRequestIdInResponse,
                    serverHeader,
                    serverName,
                    clientCert,
                    List.of(ranges),
                    via);
        }

        /** Whether an address is in one of the ranges; one that is not known is not. */
        public boolean isInternal(@Nullable InetAddress address) {
            for (int i = 0; address != null && i < internalRanges.size(); i++) {
                if (internalRanges.get(i).contains(address)) {
                    return true;
                }
            }
            return false;
        }

        public enum ServerHeader {
            OVERWRITE,
            APPEND_IF_ABSENT,
            PASS_THROUGH
        }
    }

    /**
     * How replies that the proxy makes itself look (Envoy: local_reply_config).
     *
     * @param mappers looked at in order, the first whose filter holds decides
     * @param body for replies that no mapper gives a body of its own
     */
    public record LocalReplyFormat(List<Mapper> mappers, Body body) {
        /** Envoy's default: the plain text of the failure. */
        public static final LocalReplyFormat PLAIN = new LocalReplyFormat(List.of(), new Body("text/plain", ""));

        public LocalReplyFormat {
            mappers = List.copyOf(mappers);
        }

        /**
         * @param contentType e.g. {@code application/problem+json}
         * @param template with command operators, e.g. {@code %RESPONSE_CODE%}; empty means the plain text of the failure
         */
        public record Body(String contentType, String template) {}

        /**
         * How some replies look.
         *
         * @param filter which ones, by the request and what was found wrong so far
         * @param status instead of the reply's own, or 0 to leave it
         * @param text instead of the failure's own ({@code %LOCAL_REPLY_BODY%}), or null to leave it
         * @param body null for that of all others
         * @param headers made with the reply's first status
         * @param reasonHeader name of a header that carries the failure's sentence, or null (north-south: null)
         */
        public record Mapper(
                Predicate<Journal> filter,
                int status,
                @Nullable String text,
                @Nullable Body body,
                List<HeaderEdit> headers,
                @Nullable String reasonHeader) {

            public Mapper {
                headers = List.copyOf(headers);
            }

            /** @param lowest status it is for @param highest status it is for, inclusive */
            public Mapper(int lowest, int highest, @Nullable Body body, @Nullable String reasonHeader) {
                this(
                        journal -> lowest <= journal.status() && journal.status() <= highest,
                        0,
                        null,
                        body,
                        List.of(),
                        reasonHeader);
            }
        }
    }
}
