package dev.perimeter.proxy.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what came out of a proxy so strictly that no two readers can differ about it: anything that one server might take
 * for something else is an objection. Written without the proxy's codec, to be able to judge it.
 */
final class StrictReader {

    private static final Pattern LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\\S+) HTTP/1\\.[01]");
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})(?:;[\\t !-~]*)?");

    /**
     * @param messages those that are complete
     * @param objection why what follows them has no one meaning, or null
     * @param whole whether nothing is left over and nothing is missing
     */
    record Reading(
            List<Message> messages,
            @org.jspecify.annotations.Nullable String objection,
            boolean whole) {}

    private static final class Objection extends RuntimeException {
        private static final long serialVersionUID = 1;

        Objection(String why) {
            super(why, null, false, false);
        }
    }

    private final String text;
    private int at;

    private StrictReader(byte[] bytes) {
        text = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static Reading read(byte[] bytes) {
        StrictReader reader = new StrictReader(bytes);
        List<Message> messages = new ArrayList<>();
        try {
            while (reader.at < reader.text.length()) {
                Message message = reader.message();
                if (message == null) {
                    return new Reading(messages, null, false);
                }
                messages.add(message);
            }
            return new Reading(messages, null, true);
        } catch (Objection objection) {
            return new Reading(messages, objection.getMessage(), false);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Objection(otherwise);
        }
    }

    /** Null when it is not all there yet. */
    private @org.jspecify.annotations.Nullable Message message() {
        String start = line();
        if (start == null) {
            return null;
        }
        Matcher line = LINE.matcher(start);
        check(line.matches(), "request line `" + start + "`");
        String target = line.group(2);
        check(target.chars().allMatch(c -> c > ' ' && c != 0x7f), "target `" + target + "`");
        List<String> fields = fields();
        if (fields == null) {
            return null;
        }
        String host = null;
        String length = null;
        String coding = null;
        List<String> carried = new ArrayList<>();
        for (String field : fields) {
            String name = field.substring(0, field.indexOf(':'));
            String value = field.substring(field.indexOf(':') + 2);
            switch (name) {
                case "host" -> {
                    check(host == null, "two Hosts");
                    host = value;
                }
                case "content-length" -> {
                    check(length == null, "two lengths");
                    check(value.matches("[0-9]{1,18}"), "length `" + value + "`");
                    length = value;
                }
                case "transfer-encoding" -> {
                    check(coding == null, "two codings");
                    check(value.equals("chunked"), "coding `" + value + "`");
                    coding = value;
                }
                default -> {
                    if (Message.carried(name)) {
                        carried.add(field);
                    }
                }
            }
        }
        check(host != null || start.endsWith("1.0"), "no Host");
        check(length == null || coding == null, "a length and a coding");
        List<String> trailers = List.of();
        String body;
        if (coding != null) {
            body = chunks();
            trailers = body == null ? null : fields();
        } else {
            body = take(length == null ? 0 : Integer.parseInt(length));
        }
        carried.sort(null);
        return body == null || trailers == null
                ? null
                : new Message(line.group(1), target, String.valueOf(host), carried, body, trailers);
    }

    private @org.jspecify.annotations.Nullable List<String> fields() {
        List<String> fields = new ArrayList<>();
        while (true) {
            String line = line();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                return fields;
            }
            Matcher field = FIELD.matcher(line);
            check(field.matches(), "field `" + line + "`");
            String value = field.group(2);
            check(value.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\t'), "value of `" + line + "`");
            fields.add(field.group(1).toLowerCase(Locale.ROOT) + ": " + value);
        }
    }

    private @org.jspecify.annotations.Nullable String chunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = line();
            if (line == null) {
                return null;
            }
            Matcher chunk = CHUNK.matcher(line);
            check(chunk.matches(), "chunk line `" + line + "`");
            int size = Integer.parseInt(chunk.group(1), 16);
            if (size == 0) {
                return body.toString();
            }
            String data = take(size);
            if (data == null || at + 2 > text.length()) {
                return null;
            }
            check(text.startsWith("\r\n", at), "chunk data without line end");
            at += 2;
            body.append(data);
        }
    }

    private @org.jspecify.annotations.Nullable String take(int count) {
        if (at + count > text.length()) {
            return null;
        }
        at += count;
        return text.substring(at - count, at);
    }

    private @org.jspecify.annotations.Nullable String line() {
        int end = text.indexOf("\r\n", at);
        int feed = text.indexOf('\n', at);
        check(feed < 0 || feed == end + 1, "a bare LF");
        if (end < 0) {
            return null;
        }
        String line = text.substring(at, end);
        check(line.indexOf('\r') < 0, "a bare CR");
        at = end + 2;
        return line;
    }
}
