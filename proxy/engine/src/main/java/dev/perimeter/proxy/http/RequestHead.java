package dev.perimeter.proxy.http;

/** The start line and headers of a request. {@code Host} is kept in {@link #authority()} and written from there. */
public final class RequestHead {

    private String method;
    private String path;
    private String authority;
    private final String scheme;
    private final String protocol;
    private final Headers headers;

    public RequestHead(
            String method, String scheme, String authority, String path, String protocol, Headers headers) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.protocol = protocol;
        this.headers = headers;
    }

    public String method() {
        return method;
    }

    /** {@code http} or {@code https}: from an absolute target, else that of the connection. */
    public String scheme() {
        return scheme;
    }

    /** Host and optional port, from an absolute target or CONNECT if there is one, else from {@code Host}. */
    public String authority() {
        return authority;
    }

    public void authority(String newAuthority) {
        authority = newAuthority;
    }

    /** Path and query as received, origin-form; empty for CONNECT; {@code *} for OPTIONS. */
    public String path() {
        return path;
    }

    public void path(String newPath) {
        path = newPath;
    }

    /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String protocol() {
        return protocol;
    }

    public Headers headers() {
        return headers;
    }
}
