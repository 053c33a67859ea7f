package dev.perimeter.proxy.filters.field;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.filter.Parsed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A place in a filter's config that is being read. A reader that finds something wrong says so here and goes on with any
 * value: the first thing said makes the whole config refused, so that value is never used.
 */
public final class Field {

    private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

    /** What was said first, of all places of one config. */
    private static final class First {
        private @Nullable Refusal refusal;
    }

    private final First first;
    private final String path;

    private Field(First first, String path) {
        this.first = first;
        this.path = path;
    }

    /** Checks the message against its list, parses it and has it read. */
    public static <M extends Message, C> Parsed<C> read(
            ByteBuffer bytes, Parser<M> parser, FieldList list, BiFunction<M, Field, C> reader) {
        return read(ByteString.copyFrom(bytes), parser, list, reader);
    }

    private static <M extends Message, C> Parsed<C> read(
            ByteString bytes, Parser<M> parser, FieldList list, BiFunction<M, Field, C> reader) {
        Refusal refusal = list.check(bytes, harmless -> {});
        if (refusal != null) {
            return new Parsed.Bad<>(refusal.path(), refusal.reason());
        }
        try {
            Field root = new Field(new First(), "");
            C config = reader.apply(parser.parseFrom(bytes), root);
            Refusal said = root.first.refusal;
            return said == null ? new Parsed.Ok<>(config) : new Parsed.Bad<>(said.path(), said.reason());
        } catch (InvalidProtocolBufferException malformed) {
            return new Parsed.Bad<>("", "is not a valid message: " + malformed.getMessage());
        }
    }

    /** The message inside an Any that stands here; null when it is refused. */
    public <M extends Message> @Nullable M unpack(ByteString bytes, Parser<M> parser, FieldList list) {
        return switch (read(bytes, parser, list, (message, at) -> message)) {
            case Parsed.Ok<M>(M message) -> message;
            case Parsed.Bad<M>(String inner, String reason) -> {
                (inner.isEmpty() ? this : in(inner)).refuse(reason);
                yield null;
            }
        };
    }

    public Field in(String field) {
        return new Field(first, path.isEmpty() ? field : path + "." + field);
    }

    public Field in(String field, int index) {
        return in(field + "[" + index + "]");
    }

    /** Refuses the config. Of several reasons the first counts. */
    public void refuse(String reason) {
        if (first.refusal == null) {
            first.refusal = new Refusal(path, reason);
        }
    }

    /** A duration of more than zero, at most a year. */
    public Duration positive(com.google.protobuf.Duration value) {
        Duration duration = Duration.ofSeconds(value.getSeconds(), value.getNanos());
        if (!duration.isPositive()) {
            refuse("must be more than zero");
        } else if (value.getSeconds() > LONGEST_SECONDS) {
            refuse(value.getSeconds() + " s is more than a year");
        }
        return duration;
    }

    /** A number within bounds, both included. */
    public long between(long least, long most, long value) {
        if (value < least || value > most) {
            refuse(value + " must be between " + least + " and " + most);
            return least;
        }
        return value;
    }
}
