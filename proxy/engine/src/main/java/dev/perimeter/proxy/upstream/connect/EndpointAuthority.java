package dev.perimeter.proxy.upstream.connect;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Rewrite;
import org.jspecify.annotations.Nullable;

/** Names a request by the endpoint it goes to (Envoy: auto_host_rewrite), each attempt by its own. */
public final class EndpointAuthority {

    private final RequestHead head;
    private final String original;
    private final boolean appendForwardedHost;

    private EndpointAuthority(RequestHead head, boolean appendForwardedHost) {
        this.head = head;
        this.original = head.authority();
        this.appendForwardedHost = appendForwardedHost;
    }

    /** Null where the route keeps the authority. @param marks whether that one is kept in {@code x-envoy-original-host} */
    public static @Nullable EndpointAuthority of(RequestHead head, RequestRewrite rewrite, boolean marks) {
        if (!rewrite.hostOfEndpoint()) {
            return null;
        }
        if (marks) {
            head.headers().set("x-envoy-original-host", head.authority());
        }
        return new EndpointAuthority(head, rewrite.appendForwardedHost());
    }

    /** @param hostname of the endpoint; empty for none */
    public void of(String hostname) {
        if (!head.authority().equals(original)) {
            head.authority(original);
        }
        if (!hostname.isEmpty()) {
            Rewrite.ofEndpoint(head, hostname, appendForwardedHost);
        }
    }
}
