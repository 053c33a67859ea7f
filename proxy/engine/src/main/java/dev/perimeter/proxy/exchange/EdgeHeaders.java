package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.exchange.edge.ClientCertHeader;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour.ServerHeader;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its own way here. A proxy that faces clients (use_remote_address, no trusted hop before it)
 * believes none of it and writes what it sees; one inside the mesh leaves what an earlier proxy wrote.
 */
final class EdgeHeaders {

    static final String REQUEST_ID = "x-request-id";
    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";
    private static final String HOST = "x-forwarded-host";
    private static final String ENVOY = "x-envoy-";

    /** Claims that back ends act upon and that only a proxy may make. */
    private static final String[] UNTRUSTED = {HOST, "x-forwarded-port", "x-forwarded-prefix", "forwarded", "x-real-ip"
    };

    private EdgeHeaders() {}

    static void request(RequestHead request, HttpRuntime manager, HttpConnection connection) {
        EdgeBehaviour edge = manager.config().edge();
        Headers headers = request.headers();
        ClientCertHeader.apply(headers, edge.clientCert(), connection.clientCert());
        boolean facesClients = edge.useRemoteAddress() && edge.xffNumTrustedHops() == 0;
        if (facesClients) {
            for (String name : UNTRUSTED) {
                headers.remove(name);
            }
            // With these a client would choose its own time-outs and retries.
            for (int at = headers.indexOfPrefix(ENVOY, 0); at >= 0; at = headers.indexOfPrefix(ENVOY, at)) {
                headers.removeAt(at);
            }
            List<String> internal = manager.routes().table().options().internalHeaders();
            for (int i = 0; i < internal.size(); i++) {
                headers.remove(internal.get(i));
            }
            headers.add(HOST, request.authority());
        }
        if (edge.useRemoteAddress() && !edge.skipXffAppend()) {
            String before = headers.joined(FOR, ", ");
            String remote = connection.remoteHost();
            headers.set(FOR, before == null ? remote : before + ", " + remote);
        }
        if (facesClients || !headers.contains(PROTO)) {
            // Not the scheme of the request, which is what a client says.
            headers.set(PROTO, connection.isSecure() ? "https" : "http");
        }
        requestId(headers, edge, facesClients, connection.worker().random());
    }

    /** At the edge an id is ours or, if the config keeps the client's, at least a UUID: it ends up in every log. */
    private static void requestId(Headers headers, EdgeBehaviour edge, boolean facesClients, RandomGenerator random) {
        String given = headers.get(REQUEST_ID);
        boolean keep = given != null && (!facesClients || (edge.preserveExternalRequestId() && isUuid(given)));
        if (keep) {
            return;
        }
        if (edge.generateRequestId()) {
            headers.set(REQUEST_ID, uuid(random));
        } else if (given != null && !edge.preserveExternalRequestId()) {
            headers.remove(REQUEST_ID);
        }
    }

    static void response(Headers headers, EdgeBehaviour edge, @Nullable RequestHead request) {
        if (edge.alwaysSetRequestIdInResponse() && request != null) {
            String id = request.headers().get(REQUEST_ID);
            if (id != null) {
                headers.set(REQUEST_ID, id);
            }
        }
        ServerHeader mode = edge.serverHeader();
        boolean write = mode == ServerHeader.OVERWRITE
                || (mode == ServerHeader.APPEND_IF_ABSENT && !headers.contains("server"));
        if (write && !edge.serverName().isEmpty()) {
            headers.set("server", edge.serverName());
        }
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
