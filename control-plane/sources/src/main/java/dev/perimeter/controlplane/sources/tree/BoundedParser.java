package dev.perimeter.controlplane.sources.tree;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Passes on the events of a parser until the document turns out to be too deep or too large. The parser itself needs
 * neither stack nor heap for what is nested; whoever makes nodes of its events does, so it is stopped before.
 */
final class BoundedParser implements Parser {
    /** Resources of the Gateway API nest about ten deep. */
    static final int MOST_LEVELS = 64;

    /** Aliases can make a small text a huge tree; no resource comes near this many values. */
    static final int MOST_VALUES = 50_000;

    /** A document that is YAML and that nobody needs; {@code line} counts from 0 in the text. */
    static final class Excess extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int line;

        private Excess(Event event, String reason) {
            super(reason, null, false, false);
            this.line = event.getStartMark().map(Mark::getLine).orElse(0);
        }

        int line() {
            return line;
        }
    }

    static final String TOO_DEEP = "The document is nested more than " + MOST_LEVELS + " levels deep, aliases counted.";
    static final String TOO_MANY = "The document has more than " + MOST_VALUES + " values, aliases counted.";

    private final Parser parser;
    private int levels;
    private int values;

    BoundedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> {
                count(event);
                if (++levels > MOST_LEVELS) {
                    throw new Excess(event, TOO_DEEP);
                }
            }
            case MappingEnd, SequenceEnd -> levels--;
            case Scalar, Alias -> count(event);
            default -> {}
        }
        return event;
    }

    private void count(Event event) {
        // The names of fields are events, too.
        if (++values > 2 * MOST_VALUES) {
            throw new Excess(event, TOO_MANY);
        }
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }
}
