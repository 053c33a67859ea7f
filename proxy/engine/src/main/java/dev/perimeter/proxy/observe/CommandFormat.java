package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with Envoy's command operators, read once: {@code %REQ(:METHOD)% took %DURATION% ms}. {@code %%} is a percent
 * sign. A header operator may name an alternative and a longest length: {@code %REQ(X-A?X-B):10%}.
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
            int end = text.indexOf('%', start + 1);
            if (end < 0) {
                return new Parsed.Bad<>("", "'" + text + "' opens an operator with % and does not close it");
            }
            String name = text.substring(start + 1, end);
            Piece piece = name.isEmpty() ? new Piece.Literal("%") : operator(name);
            if (piece == null) {
                return new Parsed.Bad<>(
                        "",
                        "%" + name + "% is not a known operator; known are REQ(name), RESP(name), TRAILER(name), "
                                + String.join(", ", CommandOperator.PLAIN.keySet()));
            }
            pieces.add(piece);
            at = end + 1;
        }
        return new Parsed.Ok<>(new CommandFormat(List.copyOf(pieces)));
    }

    private static @Nullable Piece operator(String written) {
        String name = written;
        int maxLength = Integer.MAX_VALUE;
        int colon = written.indexOf(':', written.lastIndexOf(')') + 1);
        if (colon > 0) {
            try {
                maxLength = Integer.parseInt(written.substring(colon + 1));
            } catch (NumberFormatException e) {
                return null;
            }
            name = written.substring(0, colon);
        }
        int open = name.indexOf('(');
        if (open < 0) {
            CommandOperator plain = CommandOperator.PLAIN.get(name);
            return plain == null ? null : new Piece.Value(plain, maxLength);
        }
        // %START_TIME(...)% with a layout of its own is not offered: one form of time in all logs.
        if (!name.endsWith(")") || open + 1 >= name.length() - 1) {
            return null;
        }
        String[] headers = name.substring(open + 1, name.length() - 1).split("\\?", 2);
        CommandOperator first = CommandOperator.header(name.substring(0, open), headers[0]);
        if (first == null || headers.length == 1) {
            return first == null ? null : new Piece.Value(first, maxLength);
        }
        CommandOperator second = CommandOperator.header(name.substring(0, open), headers[1]);
        return second == null
                ? null
                : new Piece.Value(
                        new CommandOperator.Text(journal -> {
                            String value = first.text(journal);
                            return value == null ? second.text(journal) : value;
                        }),
                        maxLength);
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
