package dev.perimeter.proxy.route.path;

/** Host and port of an authority (RFC 3986 section 3.2). */
public final class Authorities {

    private Authorities() {}

    /** {@code [::1]:80} becomes {@code [::1]}; {@code ::1} alone cannot stand in an authority (RFC 3986 section 3.2.2). */
    public static String withoutPort(String authority) {
        int colon = portAt(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** Where the colon of the port stands, or -1. */
    static int portAt(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
