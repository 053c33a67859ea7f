package dev.perimeter.proxy.route.path;

import org.jspecify.annotations.Nullable;

/**
 * Brings a path into the one form in which routes and the upstream read it alike, as Envoy's connection manager does
 * (RFC 3986 section 6.2.2): what two readers could take for two paths is no way past a route. The query is left alone.
 */
public final class PathCleaning {

    private PathCleaning() {}

    /**
     * Dot segments are followed, with parameters behind the dots ({@code ..;a=b}) too, which some servers take off before
     * they look; escaped letters, digits, {@code -._~} are written as themselves, backslashes are slashes.
     *
     * @return null for a path that holds an escaped zero byte
     */
    public static @Nullable String normalised(String path) {
        int end = end(path);
        if (!path.startsWith("/") || isNormal(path, end)) {
            return path;
        }
        StringBuilder plain = new StringBuilder(path.length());
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            int escaped = c == '%' ? escaped(path, i, end) : -1;
            if (escaped == 0) {
                return null;
            }
            if (escaped > 0 && isUnreserved(escaped)) {
                plain.append((char) escaped);
                i += 2;
            } else {
                plain.append(c == '\\' ? '/' : c);
            }
        }
        return withoutDots(plain).append(path, end, path.length()).toString();
    }

    /** Runs of slashes become one. */
    public static String withSingleSlashes(String path) {
        int end = end(path);
        int at = path.indexOf("//");
        if (at < 0 || at >= end) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < end; i++) {
            if (path.charAt(i) != '/' || i == 0 || path.charAt(i - 1) != '/') {
                out.append(path.charAt(i));
            }
        }
        return out.append(path, end, path.length()).toString();
    }

    /** Escaped slashes and backslashes are written as themselves; the same string if there are none. */
    public static String withPlainSlashes(String path) {
        int end = end(path);
        StringBuilder out = null;
        int copied = 0;
        for (int i = path.indexOf('%'); i >= 0 && i < end; i = path.indexOf('%', i + 1)) {
            int escaped = escaped(path, i, end);
            if (escaped == '/' || escaped == '\\') {
                out = out == null ? new StringBuilder(path.length()) : out;
                out.append(path, copied, i).append((char) escaped);
                copied = i + 3;
            }
        }
        return out == null ? path : out.append(path, copied, path.length()).toString();
    }

    private static int end(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path.length() : query;
    }

    /** Most paths are as they should be; this look costs less than writing them again. */
    private static boolean isNormal(String path, int end) {
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            if (c == '%' || c == '\\' || (c == '.' && path.charAt(i - 1) == '/')) {
                return false;
            }
        }
        return true;
    }

    /** RFC 3986 section 5.2.4 for a path that begins with a slash. */
    private static StringBuilder withoutDots(CharSequence path) {
        StringBuilder out = new StringBuilder(path.length());
        int from = 1;
        while (from <= path.length()) {
            int to = from;
            while (to < path.length() && path.charAt(to) != '/') {
                to++;
            }
            boolean last = to == path.length();
            if (isDots(path, from, to, 2)) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
                out.append(last ? "/" : "");
            } else if (isDots(path, from, to, 1)) {
                out.append(last ? "/" : "");
            } else {
                out.append('/').append(path, from, to);
            }
            from = to + 1;
        }
        return out.isEmpty() ? out.append('/') : out;
    }

    private static boolean isDots(CharSequence path, int from, int to, int count) {
        boolean parameters = to - from > count && path.charAt(from + count) == ';';
        return (parameters || to - from == count) && path.charAt(from) == '.' && path.charAt(from + count - 1) == '.';
    }

    /** The byte that {@code %XX} stands for, or -1 where it is no escape. */
    private static int escaped(String path, int at, int end) {
        if (at + 2 >= end) {
            return -1;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
