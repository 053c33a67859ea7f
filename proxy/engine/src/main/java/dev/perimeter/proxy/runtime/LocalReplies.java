package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.CommandFormat;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the replies that the proxy makes itself, as the listener's config wants them (Envoy: local_reply_config). */
public final class LocalReplies {

    /** @param body empty for a reply to HEAD as well, whose head still tells the length */
    public record Reply(ResponseHead head, byte[] body) {}

    private final String contentType;
    private final boolean json;
    private final @Nullable CommandFormat body;
    private final @Nullable String reasonHeader;

    private LocalReplies(LocalReplyFormat format, @Nullable CommandFormat body) {
        this.contentType = format.contentType().isEmpty() ? "text/plain" : format.contentType();
        this.json = contentType.contains("json");
        this.body = body;
        this.reasonHeader = format.reasonHeader();
    }

    static Parsed<LocalReplies> of(LocalReplyFormat format) {
        if (format.body().isEmpty()) {
            return new Parsed.Ok<>(new LocalReplies(format, null));
        }
        return switch (CommandFormat.parse(format.body())) {
            case Parsed.Ok<CommandFormat>(CommandFormat body) -> new Parsed.Ok<>(new LocalReplies(format, body));
            case Parsed.Bad<CommandFormat> bad -> new Parsed.Bad<>("body_format", bad.sentence());
        };
    }

    /**
     * @param journal has the local reply's status, details and text already
     * @param reason the failure's sentence, shown only if the config names a header for it
     */
    public Reply reply(int status, String text, String reason, Journal journal, boolean toHead) {
        String written = body == null ? text : json ? body.textInJson(journal) : body.text(journal, "-");
        byte[] bytes = written.getBytes(StandardCharsets.UTF_8);
        Headers headers = new Headers();
        headers.add("content-type", contentType);
        headers.add("content-length", Integer.toString(bytes.length));
        if (reasonHeader != null) {
            headers.add(reasonHeader, visible(reason));
        }
        return new Reply(new ResponseHead(status, "", headers), toHead ? new byte[0] : bytes);
    }

    /** A sentence may quote what a client sent; only visible ASCII may stand in a field (RFC 9110 section 5.5). */
    private static String visible(String sentence) {
        StringBuilder out = new StringBuilder(sentence.length());
        sentence.chars().forEach(c -> out.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return out.toString();
    }
}
