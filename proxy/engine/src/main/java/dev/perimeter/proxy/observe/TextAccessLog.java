package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;

/** A line of text with command operators in it. What has no value is a dash, as in Envoy. */
final class TextAccessLog implements AccessLog {

    /** Envoy's own line, which is written where a config names none. */
    static final String DEFAULT = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
            + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"\n";

    private final CommandFormat format;

    private TextAccessLog(CommandFormat format) {
        this.format = format;
    }

    static Parsed<AccessLog> parse(String text) {
        return CommandFormat.parse(text).map(TextAccessLog::new);
    }

    @Override
    public void write(Journal journal, LineBuffer out) {
        out.text(format.text(journal, "-"));
    }
}
