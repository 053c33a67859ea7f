package dev.perimeter.controlplane.translate.listener;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.translate.cluster.Sources;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/** The HTTP connection managers of the four places HTTP is spoken at. */
final class ConnectionManagers {
    /** A client that needs longer for its headers is no client; Envoy's own default is to wait for ever. */
    private static final long REQUEST_HEADERS_SECONDS = 10;

    /** Envoy's advice for a proxy at the edge: a request is read within five minutes. */
    private static final long REQUEST_SECONDS = 300;

    private ConnectionManagers() {}

    /** For what the application calls through its proxy settings: absolute-form requests and CONNECT. */
    static Any outbound(NodeId proxy, String listener, String routes) {
        return Any.pack(base(proxy, listener, Direction.OUTBOUND)
                .setRds(rds(routes))
                .setHttpProtocolOptions(http1().setAllowAbsoluteUrl(BoolValue.of(true)))
                .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("CONNECT"))
                .setLocalReplyConfig(LocalReplies.inside())
                .build());
    }

    /** For what the application calls inside a CONNECT: the same routes, and no CONNECT inside it. */
    static Any tunnelled(NodeId proxy, String listener, String routes) {
        return Any.pack(base(proxy, listener, Direction.OUTBOUND)
                .setRds(rds(routes))
                .setLocalReplyConfig(LocalReplies.inside())
                .build());
    }

    /** For what comes to the application; the routes are so few that they stand in place. */
    static Any inbound(NodeId proxy, String listener, RouteConfiguration routes) {
        return Any.pack(base(proxy, listener, Direction.INBOUND)
                .setRouteConfig(routes)
                .setLocalReplyConfig(LocalReplies.inside())
                .build());
    }

    /** For what comes from outside: addresses and request ids of strangers are not believed. */
    static Any gateway(NodeId proxy, String listener, String routes) {
        return Any.pack(base(proxy, listener, Direction.GATEWAY)
                .setRds(rds(routes))
                .setUseRemoteAddress(BoolValue.of(true))
                .setGenerateRequestId(BoolValue.of(true))
                .setPreserveExternalRequestId(false)
                .setAlwaysSetRequestIdInResponse(true)
                .setRequestHeadersTimeout(Durations.fromSeconds(REQUEST_HEADERS_SECONDS))
                .setRequestTimeout(Durations.fromSeconds(REQUEST_SECONDS))
                // %2F and // mean / to one server and not to another: a stranger is asked to say which.
                .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.UNESCAPE_AND_REDIRECT)
                .setMergeSlashes(true)
                .setLocalReplyConfig(LocalReplies.atTheDoor())
                .build());
    }

    /** For a client that speaks xDS itself: it only reads where the routes are and which filters there are. */
    static Any api(String routes) {
        return Any.pack(HttpConnectionManager.newBuilder()
                .setStatPrefix(routes)
                .setRds(rds(routes))
                .addAllHttpFilters(HttpFilters.of(Direction.OUTBOUND))
                .build());
    }

    private static HttpConnectionManager.Builder base(NodeId proxy, String listener, Direction direction) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix(listener)
                .addAllHttpFilters(HttpFilters.of(direction))
                // A hop in between is no server: it leaves the header as the server wrote it, or away.
                .setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH)
                // /orders/../admin is no way past a route for /admin: routes and upstream read the same path.
                .setNormalizePath(BoolValue.of(true))
                .setHttpProtocolOptions(http1())
                .addAccessLog(AccessLogs.of(proxy, listener, direction));
    }

    /** Clients that offer TLS inside of HTTP with each request (RFC 2817) go on without, and are not refused. */
    private static Http1ProtocolOptions.Builder http1() {
        return Http1ProtocolOptions.newBuilder()
                .addIgnoreHttp11Upgrade(StringMatcher.newBuilder().setPrefix("TLS/"));
    }

    private static Rds rds(String routes) {
        return Rds.newBuilder()
                .setRouteConfigName(routes)
                .setConfigSource(Sources.ads())
                .build();
    }
}
