package dev.perimeter.proxy.http;

import org.jspecify.annotations.Nullable;

/** The start line and headers of a request. {@code Host} is kept in {@link #authority()} and written from there. */
public final class RequestHead {

    private String method;
    private String path;
    private String authority;
    private final String scheme;
    private final String protocol;
    private final Headers headers;
    private final String hostName;
    private @Nullable String upgrade;
    private boolean hasContent;

    public RequestHead(String method, String scheme, String authority, String path, String protocol, Headers headers) {
        this(method, scheme, authority, path, protocol, headers, "Host");
    }

    /** @param hostName how the client spelled the name of the {@code Host} field */
    public RequestHead(
            String method,
            String scheme,
            String authority,
            String path,
            String protocol,
            Headers headers,
            String hostName) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.protocol = protocol;
        this.headers = headers;
        this.hostName = hostName;
    }

    public String method() {
        return method;
    }

    /** {@code http} or {@code https}: from an absolute target, else that of the connection. */
    public String scheme() {
        return scheme;
    }

    /**
     * Host and optional port, from an absolute target or CONNECT if there is one, else from {@code Host}; never empty.
     */
    public String authority() {
        return authority;
    }

    /** @throws IllegalArgumentException as {@link #path(String)} */
    public void authority(String newAuthority) {
        authority = visible(newAuthority);
    }

    /** Path and query as received, origin-form; empty for CONNECT; {@code *} for OPTIONS. */
    public String path() {
        return path;
    }

    /** @throws IllegalArgumentException for a space, a control or a non-ASCII character: it would break the request line */
    public void path(String newPath) {
        path = visible(newPath);
    }

    /** {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2}: what the client speaks. */
    public String protocol() {
        return protocol;
    }

    /** Without {@code Host} and without what belongs to the connection alone (RFC 9110 section 7.6.1). */
    public Headers headers() {
        return headers;
    }

    /** {@code Host} as the client spelled it, so that its case survives the hop. */
    public String hostName() {
        return hostName;
    }

    /**
     * The protocol that the client wants to go on with, e.g. {@code websocket}: {@code Upgrade} of HTTP/1.1 (RFC 9110
     * section 7.8) or {@code :protocol} of an extended CONNECT (RFC 8441), whose method is GET here; else null. After a
     * response with 101 both directions are bytes without framing, whichever version carries them.
     */
    public @Nullable String upgrade() {
        return upgrade;
    }

    public void upgrade(@Nullable String protocol) {
        upgrade = protocol;
    }

    /** Whether content of its own follows, before a protocol could change. */
    public boolean hasContent() {
        return hasContent;
    }

    public void hasContent(boolean follows) {
        hasContent = follows;
    }

    private static String visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                throw new IllegalArgumentException("not a part of a request line: '" + text + "'");
            }
        }
        return text;
    }

    /** The same request, to be changed on its own: what a second attempt starts from. */
    public RequestHead copy() {
        RequestHead copy = new RequestHead(method, scheme, authority, path, protocol, headers.copy(), hostName);
        copy.upgrade = upgrade;
        copy.hasContent = hasContent;
        return copy;
    }
}
