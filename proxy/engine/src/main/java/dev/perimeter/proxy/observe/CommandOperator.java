package dev.perimeter.proxy.observe;

import java.time.Instant;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One {@code %OPERATOR%}: takes its value out of a journal. Those there are stand in {@link KnownOperators}. */
sealed interface CommandOperator
        permits CommandOperator.Text, CommandOperator.Number, CommandOperator.Moment, TimeLayout {

    /** As it stands inside other text; null when there is no value. */
    @Nullable
    String text(Journal journal);

    void json(Journal journal, LineBuffer out);

    byte[] NULL = {'n', 'u', 'l', 'l'};

    record Text(Function<Journal, @Nullable String> value) implements CommandOperator {
        @Override
        public @Nullable String text(Journal journal) {
            return value.apply(journal);
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            String text = value.apply(journal);
            if (text == null) {
                out.raw(NULL);
                return;
            }
            out.raw('"');
            out.escaped(text);
            out.raw('"');
        }
    }

    record Number(ToLongFunction<Journal> value) implements CommandOperator {
        @Override
        public @Nullable String text(Journal journal) {
            long number = value.applyAsLong(journal);
            return number == Journal.UNKNOWN ? null : Long.toString(number);
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            long number = value.applyAsLong(journal);
            if (number == Journal.UNKNOWN) {
                out.raw(NULL);
            } else {
                out.number(number);
            }
        }
    }

    /** @param millis since 1970 */
    record Moment(ToLongFunction<Journal> millis) implements CommandOperator {
        @Override
        public String text(Journal journal) {
            return TimeLayout.PLAIN.format(Instant.ofEpochMilli(millis.applyAsLong(journal)));
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            out.raw('"');
            out.timestamp(millis.applyAsLong(journal));
            out.raw('"');
        }
    }
}
