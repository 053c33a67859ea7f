package dev.perimeter.proxy.route.path;

/** Host and port of an authority (RFC 3986 section 3.2). */
public final class Authorities {

    private Authorities() {}

    /** {@code [::1]:80} becomes {@code [::1]}; {@code ::1} alone cannot stand in an authority (RFC 3986 section 3.2.2). */
    public static String withoutPort(String authority) {
        int colon = portAt(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** Takes the port away if it is that one. */
    public static String withoutPort(String authority, int port) {
        int colon = portAt(authority);
        boolean same = colon >= 0 && authority.substring(colon + 1).equals(Integer.toString(port));
        return same ? authority.substring(0, colon) : authority;
    }

    /** {@code shop.example.} and {@code shop.example.:80} lose the dot that ends a whole name (RFC 1034 section 3.1). */
    public static String withoutTrailingDot(String authority) {
        int colon = portAt(authority);
        int end = colon < 0 ? authority.length() : colon;
        return end > 1 && authority.charAt(end - 1) == '.'
                ? authority.substring(0, end - 1) + authority.substring(end)
                : authority;
    }

    private static int portAt(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
