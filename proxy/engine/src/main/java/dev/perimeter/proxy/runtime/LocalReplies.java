package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.failure.GrpcReply;
import dev.perimeter.proxy.failure.LocalReply;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.CommandFormat;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.GrpcTimeout;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Body;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Mapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the replies that the proxy makes itself, as the listener's config wants them (Envoy: local_reply_config). A gRPC
 * call gets the text that would have been the body as its message.
 */
public final class LocalReplies {

    /** @param body empty for a reply to HEAD as well, whose head still tells the length, and to a gRPC call */
    public record Reply(ResponseHead head, byte[] body) {}

    /** How a reply is worded, by the request as it came; a filter may make a gRPC call of it that its sender does not know. */
    public enum To {
        ANY,
        /** A head without its content. */
        HEAD,
        GRPC_CALL;

        public static To of(RequestHead request) {
            return GrpcTimeout.isCall(request) ? GRPC_CALL : request.method().equals("HEAD") ? HEAD : ANY;
        }
    }

    /** @param text null where the failure's own text is the body */
    private record Form(String contentType, @Nullable CommandFormat text) {
        byte[] body(String failure, Journal journal) {
            String written = text == null
                    ? failure
                    : contentType.contains("json") ? text.textInJson(journal) : text.text(journal, "-");
            return written.getBytes(StandardCharsets.UTF_8);
        }
    }

    private record Case(Mapper mapper, Form form, HeaderEdits headers) {}

    private static final Mapper ANY_OTHER = new Mapper(0, Integer.MAX_VALUE, null, null);

    /** The last one holds every reply. */
    private final List<Case> cases;

    private LocalReplies(List<Case> cases) {
        this.cases = cases;
    }

    static Parsed<LocalReplies> of(LocalReplyFormat format) {
        return switch (form(format.body(), "body_format")) {
            case Parsed.Bad<Form> bad -> new Parsed.Bad<>(bad.path(), bad.reason());
            case Parsed.Ok<Form>(Form standard) -> of(format.mappers(), standard);
        };
    }

    private static Parsed<LocalReplies> of(List<Mapper> mappers, Form standard) {
        List<Case> cases = new ArrayList<>();
        for (Mapper mapper : mappers) {
            Form form = standard;
            if (mapper.body() != null) {
                switch (form(mapper.body(), "mappers[" + cases.size() + "].body_format_override")) {
                    case Parsed.Bad<Form> bad -> {
                        return new Parsed.Bad<>(bad.path(), bad.reason());
                    }
                    case Parsed.Ok<Form>(Form own) -> form = own;
                }
            }
            switch (HeaderEdits.of(mapper.headers())) {
                case Parsed.Bad<HeaderEdits> bad -> {
                    return new Parsed.Bad<>("mappers[" + cases.size() + "].headers_to_add", bad.sentence());
                }
                case Parsed.Ok<HeaderEdits>(HeaderEdits headers) -> cases.add(new Case(mapper, form, headers));
            }
        }
        cases.add(new Case(ANY_OTHER, standard, HeaderEdits.NONE));
        return new Parsed.Ok<>(new LocalReplies(List.copyOf(cases)));
    }

    private static Parsed<Form> form(Body body, String field) {
        if (body.template().isEmpty()) {
            return new Parsed.Ok<>(new Form(body.contentType(), null));
        }
        return switch (CommandFormat.parse(body.template())) {
            case Parsed.Ok<CommandFormat>(CommandFormat text) -> new Parsed.Ok<>(new Form(body.contentType(), text));
            case Parsed.Bad<CommandFormat> bad -> new Parsed.Bad<>(field, bad.sentence());
        };
    }

    /**
     * @param journal has the local reply's status, details and text already, and gets those that become of them
     * @param reason the failure's sentence, shown only if the config names a header for it
     */
    public Reply reply(LocalReply reply, String reason, Journal journal, To to) {
        Case found = of(journal);
        Mapper mapper = found.mapper();
        String text = mapper.text() == null ? reply.body() : mapper.text();
        Headers headers = new Headers();
        found.headers().apply(headers, journal);
        int status = mapper.status() == 0 ? reply.status() : mapper.status();
        journal.localReply(status, reply.details(), text);
        byte[] bytes = found.form().body(text, journal);
        if (mapper.reasonHeader() != null) {
            headers.set(mapper.reasonHeader(), visible(reason));
        }
        if (to == To.GRPC_CALL) {
            return new Reply(GrpcReply.head(reply.grpcStatusAs(status), bytes, headers), new byte[0]);
        }
        if (!headers.contains("content-type")) {
            headers.add("content-type", found.form().contentType());
        }
        headers.set("content-length", Integer.toString(bytes.length));
        return new Reply(new ResponseHead(status, "", headers), to == To.ANY ? bytes : new byte[0]);
    }

    private Case of(Journal journal) {
        for (int i = 0; i < cases.size() - 1; i++) {
            if (cases.get(i).mapper().filter().test(journal)) {
                return cases.get(i);
            }
        }
        return cases.getLast();
    }

    /** A sentence may quote what a client sent; only visible ASCII may stand in a field (RFC 9110 section 5.5). */
    private static String visible(String sentence) {
        StringBuilder out = new StringBuilder(sentence.length());
        sentence.chars().forEach(c -> out.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return out.toString();
    }
}
