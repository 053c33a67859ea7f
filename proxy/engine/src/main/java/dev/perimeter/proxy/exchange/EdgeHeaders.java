package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.exchange.edge.ClientCertHeader;
import dev.perimeter.proxy.exchange.edge.EnvoyClaims;
import dev.perimeter.proxy.exchange.edge.TrustedClient;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour.ServerHeader;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its own way here. {@link TrustedClient} decides who it is from; one from outside is not believed and
 * gets what we see, one from inside or from the proxy before keeps what is written.
 */
final class EdgeHeaders {

    static final String REQUEST_ID = "x-request-id";
    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";
    private static final String HOST = "x-forwarded-host";

    /** Claims that back ends act upon and that only a proxy may make. */
    private static final String[] UNTRUSTED = {HOST, "x-forwarded-port", "x-forwarded-prefix", "forwarded", "x-real-ip"
    };

    private EdgeHeaders() {}

    static void request(RequestHead request, ExchangeContext exchange) {
        HttpConnection connection = exchange.connection();
        EdgeBehaviour edge = exchange.manager().config().edge();
        Headers headers = request.headers();
        ClientCertHeader.apply(headers, edge.clientCert(), connection.clientCert());
        TrustedClient client = TrustedClient.of(headers, edge, connection.remoteAddress());
        if (client.named() != null) {
            exchange.from(client.named());
        }
        boolean atEdge = edge.useRemoteAddress() && !client.internal();
        // Behind a proxy that is ours, that one has done so.
        boolean noProxyBefore = edge.useRemoteAddress() && edge.xffNumTrustedHops() == 0;
        if (client.internal()) {
            EnvoyClaims.ofInternal(headers);
        } else {
            if (atEdge) {
                EnvoyClaims.ofOutsider(headers, exchange.remoteHost());
            } else {
                EnvoyClaims.ofOther(headers);
            }
            List<String> internal =
                    exchange.manager().routes().table().options().internalHeaders();
            for (int i = 0; i < internal.size(); i++) {
                headers.remove(internal.get(i));
            }
        }
        if (atEdge && noProxyBefore) {
            for (String name : UNTRUSTED) {
                headers.remove(name);
            }
            headers.add(HOST, request.authority());
        }
        if (edge.useRemoteAddress() && !edge.skipXffAppend()) {
            String before = headers.joined(FOR, ", ");
            String remote = connection.remoteHost();
            headers.set(FOR, before == null ? remote : before + ", " + remote);
        }
        if (noProxyBefore || !headers.contains(PROTO)) {
            // Not the scheme of the request, which is what a client says.
            headers.set(PROTO, connection.isSecure() ? "https" : "http");
        }
        requestId(headers, edge, atEdge, connection.worker().random());
        via(headers, edge);
    }

    /**
     * At the edge an id is ours or, if the config keeps the client's, at least a UUID: it ends up in every log. A proxy of
     * ours in front has its own form.
     */
    private static void requestId(Headers headers, EdgeBehaviour edge, boolean atEdge, RandomGenerator random) {
        String given = headers.get(REQUEST_ID);
        boolean believed = !atEdge || (edge.preserveExternalRequestId() && edge.xffNumTrustedHops() > 0);
        if (given != null && (believed || (edge.preserveExternalRequestId() && isUuid(given)))) {
            return;
        }
        if (edge.generateRequestId()) {
            headers.set(REQUEST_ID, uuid(random));
        } else if (given != null && !edge.preserveExternalRequestId()) {
            headers.remove(REQUEST_ID);
        }
    }

    static void response(Headers headers, EdgeBehaviour edge, @Nullable RequestHead request) {
        if (request != null && (edge.alwaysSetRequestIdInResponse() || asksForTrace(request.headers(), edge))) {
            String id = request.headers().get(REQUEST_ID);
            if (id != null) {
                headers.set(REQUEST_ID, id);
            }
        }
        via(headers, edge);
        ServerHeader mode = edge.serverHeader();
        boolean write = mode == ServerHeader.OVERWRITE
                || (mode == ServerHeader.APPEND_IF_ABSENT && !headers.contains("server"));
        if (write && !edge.serverName().isEmpty()) {
            headers.set("server", edge.serverName());
        }
    }

    /** Who stands in the way (RFC 9110 section 7.6.3), by the name that the configuration gives. */
    private static void via(Headers headers, EdgeBehaviour edge) {
        if (!edge.via().isEmpty()) {
            String before = headers.joined("via", ", ");
            headers.set("via", before == null ? edge.via() : before + ", " + edge.via());
        }
    }

    /** Only one from inside still has it here, so nobody needs to look where there is no inside. */
    private static boolean asksForTrace(Headers headers, EdgeBehaviour edge) {
        return !edge.internalRanges().isEmpty() && headers.contains("x-envoy-force-trace");
    }

    /** Version 4 of RFC 9562: 122 random bits. */
    private static String uuid(RandomGenerator random) {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(0xC0L << 56)) | (0x80L << 56);
        return new UUID(high, low).toString();
    }

    private static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
