package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with Envoy's command operators, read once: {@code %REQ(:METHOD)% took %DURATION% ms}. {@code %%} is a percent
 * sign. A header operator may name an alternative and a longest length: {@code %REQ(X-A?X-B):10%}. Those there are stand
 * in {@link KnownOperators}.
 */
public final class CommandFormat {

    private sealed interface Piece {
        record Literal(String text) implements Piece {}

        record Value(CommandOperator operator, int maxLength) implements Piece {}
    }

    private final List<Piece> pieces;
    /** The operator that is all there is, as in most access logs. */
    private final @Nullable CommandOperator only;

    private CommandFormat(List<Piece> pieces) {
        this.pieces = pieces;
        boolean single = pieces.size() == 1;
        this.only = single
                        && pieces.getFirst() instanceof Piece.Value(CommandOperator operator, int maxLength)
                        && maxLength == Integer.MAX_VALUE
                ? operator
                : null;
    }

    public static Parsed<CommandFormat> parse(String text) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = text.indexOf('%', at);
            if (start < 0) {
                pieces.add(new Piece.Literal(text.substring(at)));
                break;
            }
            if (start > at) {
                pieces.add(new Piece.Literal(text.substring(at, start)));
            }
            if (text.startsWith("%%", start)) {
                pieces.add(new Piece.Literal("%"));
                at = start + 2;
                continue;
            }
            int end = end(text, start + 1);
            if (end < 0) {
                return new Parsed.Bad<>("", "'" + text + "' opens an operator with % and does not close it");
            }
            switch (operator(text.substring(start + 1, end))) {
                case Parsed.Ok<Piece>(Piece piece) -> pieces.add(piece);
                case Parsed.Bad<Piece> bad -> {
                    return new Parsed.Bad<>(bad.path(), bad.reason());
                }
            }
            at = end + 1;
        }
        return new Parsed.Ok<>(new CommandFormat(List.copyOf(pieces)));
    }

    /** Where the operator that begins here ends; what stands in its parentheses may hold percent signs. */
    private static int end(String text, int from) {
        int end = text.indexOf('%', from);
        int open = text.indexOf('(', from);
        if (open < 0 || open > end) {
            return end;
        }
        int close = text.indexOf(')', open);
        return close < 0 ? -1 : text.indexOf('%', close);
    }

    private static Parsed<Piece> operator(String written) {
        int close = written.lastIndexOf(')');
        int colon = written.indexOf(':', close + 1);
        int maxLength = Integer.MAX_VALUE;
        String name = written;
        if (colon > 0) {
            try {
                maxLength = Integer.parseInt(written, colon + 1, written.length(), 10);
            } catch (NumberFormatException e) {
                maxLength = -1;
            }
            name = written.substring(0, colon);
        }
        int open = name.indexOf('(');
        if (maxLength < 0 || (open >= 0 && !name.endsWith(")"))) {
            return KnownOperators.unknown(written, null).map(never -> new Piece.Literal(written));
        }
        int most = maxLength;
        return (open < 0
                        ? KnownOperators.find(name, null)
                        : KnownOperators.find(name.substring(0, open), name.substring(open + 1, name.length() - 1)))
                .map(operator -> new Piece.Value(operator, most));
    }

    /** Everything as text; an operator without a value gives {@code missing}. */
    public String text(Journal journal, String missing) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal literal -> out.append(literal.text());
                case Piece.Value value -> {
                    String text = value.operator().text(journal);
                    String known = text == null ? missing : text;
                    out.append(known, 0, Math.min(known.length(), value.maxLength()));
                }
            }
        }
        return out.toString();
    }

    /** As {@link #text}, with the values fit for the inside of JSON strings; the literal parts stand as they are. */
    public String textInJson(Journal journal) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal literal -> out.append(literal.text());
                case Piece.Value value -> {
                    String text = value.operator().text(journal);
                    LineBuffer escaped = new LineBuffer(64);
                    escaped.escaped(text == null ? "-" : text);
                    out.append(new String(escaped.take(), StandardCharsets.UTF_8));
                }
            }
        }
        return out.toString();
    }

    /** A JSON value: typed (number, null) when the whole format is one operator, else a string. */
    void json(Journal journal, LineBuffer out) {
        if (only != null) {
            only.json(journal, out);
            return;
        }
        out.raw('"');
        out.escaped(text(journal, "-"));
        out.raw('"');
    }

    boolean isLiteral() {
        return pieces.stream().allMatch(piece -> piece instanceof Piece.Literal);
    }
}
