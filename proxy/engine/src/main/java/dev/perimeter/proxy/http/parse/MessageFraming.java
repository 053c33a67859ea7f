package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a received message is delimited (RFC 9112 section 6.3) and what it says about its connection (RFC 9110 section
 * 7.6.1). The fields that say it are taken out, {@code Content-Length} excepted: it is the sender's word about the
 * content and stays true on the next hop.
 */
public final class MessageFraming {

    /** No length. */
    public static final long NONE = -1;

    private long contentLength = NONE;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean upgradeListed;
    private @Nullable String upgrade;

    /** Bytes of content, or {@link #NONE} when no length was given. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the content is in chunks and may be followed by trailers. */
    public boolean chunked() {
        return chunked;
    }

    /** Whether anything of a request follows its head. */
    public boolean hasContent() {
        return chunked || contentLength > 0;
    }

    /** {@code Connection: close}. */
    public boolean close() {
        return close;
    }

    /** {@code Connection: keep-alive}, which means something in HTTP/1.0 only. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** The {@code Upgrade} field that {@code Connection} listed (RFC 9110 section 7.8), or null. */
    @Nullable
    String upgrade() {
        return upgradeListed ? upgrade : null;
    }

    /** Reads and strips; the fields are not to be used when a violation comes back. */
    @Nullable
    Violation settle(Headers headers, boolean http10, boolean request) {
        contentLength = NONE;
        chunked = false;
        close = false;
        keepAlive = false;
        upgradeListed = false;
        upgrade = null;
        for (int i = headers.indexOf("connection", 0); i >= 0; i = headers.indexOf("connection", 0)) {
            connection(headers, i);
        }
        boolean coded = false;
        for (int i = headers.size() - 1; i >= 0; i--) {
            // The length tells most fields apart, so that few are compared.
            switch (headers.nameLength(i)) {
                case 2 -> teIfNamed(headers, i);
                case 7 -> {
                    if (headers.isNamed(i, "upgrade")) {
                        upgrade = upgrade == null ? headers.value(i) : headers.value(i) + "," + upgrade;
                        headers.removeAt(i);
                    }
                }
                case 10 -> removeIf(headers, i, "keep-alive");
                case 14 -> {
                    if (headers.isNamed(i, "content-length")) {
                        if (contentLength != NONE) {
                            return Violation.LENGTH_REPEATED;
                        }
                        contentLength = length(headers.value(i));
                        if (contentLength < 0) {
                            return headers.value(i).indexOf(',') >= 0
                                    ? Violation.LENGTH_REPEATED
                                    : Violation.LENGTH_INVALID;
                        }
                    } else {
                        removeIf(headers, i, "http2-settings");
                    }
                }
                case 16 -> removeIf(headers, i, "proxy-connection");
                case 17 -> {
                    if (headers.isNamed(i, "transfer-encoding")) {
                        Violation wrong = coded ? Violation.CODING_INVALID : coding(headers.value(i), request);
                        if (wrong != null) {
                            return http10 ? Violation.CODING_IN_HTTP_1_0 : wrong;
                        }
                        coded = true;
                        headers.removeAt(i);
                    }
                }
                default -> {}
            }
        }
        chunked = coded;
        if (coded && http10) {
            return Violation.CODING_IN_HTTP_1_0;
        }
        return coded && contentLength != NONE ? Violation.LENGTH_AND_CODING : null;
    }

    /** The length a message about to be sent declares, or {@link #NONE}. */
    public static long declared(Headers headers) {
        int index = headers.indexOf("content-length", 0);
        return index < 0 ? NONE : length(headers.value(index));
    }

    /** Digits only, and not more of them than a signed 64-bit number of bytes has; -1 otherwise. */
    public static long length(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static @Nullable Violation coding(String value, boolean request) {
        if (value.equalsIgnoreCase("chunked")) {
            return null;
        }
        for (String coding : value.split(",", -1)) {
            String name = coding.strip();
            if (name.isEmpty() || !Ascii.isToken(name)) {
                return Violation.CODING_INVALID;
            }
        }
        // A list that ends in chunked has a known end but a coding before it that nobody here can undo.
        int first = value.toLowerCase(Locale.ROOT).indexOf("chunked");
        boolean lastIfAny = first < 0 || value.indexOf(',') < 0 || first == value.length() - "chunked".length();
        return request && lastIfAny ? Violation.CODING_UNKNOWN : Violation.CODING_INVALID;
    }

    /** Removes the field and every field it lists. */
    private void connection(Headers headers, int index) {
        String value = headers.value(index);
        headers.removeAt(index);
        for (String option : value.split(",")) {
            String name = option.strip();
            if (name.equalsIgnoreCase("close")) {
                close = true;
            } else if (name.equalsIgnoreCase("keep-alive")) {
                keepAlive = true;
            } else if (name.equalsIgnoreCase("upgrade")) {
                upgradeListed = true;
            } else if (mayBeListed(name)) {
                headers.remove(name);
            }
        }
    }

    /** Framing and authority are not a client's to switch off, and TE has a rule of its own. */
    private static boolean mayBeListed(String name) {
        return !name.equalsIgnoreCase("content-length")
                && !name.equalsIgnoreCase("transfer-encoding")
                && !name.equalsIgnoreCase("host")
                && !name.equalsIgnoreCase("connection")
                && !name.equalsIgnoreCase("te");
    }

    private static void teIfNamed(Headers headers, int index) {
        if (!headers.isNamed(index, "te")) {
            return;
        }
        for (String coding : headers.value(index).split(",")) {
            if (coding.strip().equalsIgnoreCase("trailers")) {
                if (!headers.value(index).equalsIgnoreCase("trailers")) {
                    headers.removeAt(index);
                    headers.add("TE", "trailers");
                }
                return;
            }
        }
        headers.removeAt(index);
    }

    private static void removeIf(Headers headers, int index, String name) {
        if (headers.isNamed(index, name)) {
            headers.removeAt(index);
        }
    }
}
