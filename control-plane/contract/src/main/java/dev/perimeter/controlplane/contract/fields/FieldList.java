package dev.perimeter.controlplane.contract.fields;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a reader does with each field of one protobuf message: <em>honoured</em>, <em>harmless</em> (accepted and noted,
 * without effect), or refused. A field in no list is refused, so a configuration never means less than it says.
 *
 * <p>Implementation note: the check walks the bytes on the wire, where exactly the set fields stand, fields of newer
 * versions of the message included. Walking the message by protobuf's reflection would be the obvious way, but it builds
 * the descriptors of some hundred of Envoy's files before the first request can be served. Here a descriptor is loaded
 * only to name a field in a sentence.
 *
 * <p>Immutable once built; safe to share between threads.
 */
public final class FieldList {

    private static final String UNSUPPORTED = "is not supported yet; remove it";

    private sealed interface Rule {}

    private record Honoured() implements Rule {}

    private record Harmless() implements Rule {}

    private record Inside(FieldList list) implements Rule {}

    private record Refused(String reason) implements Rule {}

    private static final Rule HONOURED = new Honoured();
    private static final Rule HARMLESS = new Harmless();

    private final Supplier<Descriptor> descriptor;
    private final Map<Integer, Rule> rules = new HashMap<>();

    private FieldList(Supplier<Descriptor> descriptor) {
        this.descriptor = descriptor;
    }

    /** Begins the list of a message; fields are given by the constants of its generated class. */
    public static FieldList of(Supplier<Descriptor> descriptor) {
        return new FieldList(descriptor);
    }

    /** Fields whose whole value the reader reads (and judges, where a value may be wrong). */
    public FieldList honoured(int... numbers) {
        return put(HONOURED, numbers);
    }

    /** Fields that change nothing a client or an upstream can see. */
    public FieldList harmless(int... numbers) {
        return put(HARMLESS, numbers);
    }

    /** A message field that is honoured as far as {@code list} says. */
    public FieldList inside(int number, FieldList list) {
        return put(new Inside(list), number);
    }

    /** A field that is refused with a better reason than the general one. */
    public FieldList refused(int number, String reason) {
        return put(new Refused(reason), number);
    }

    private FieldList put(Rule rule, int... numbers) {
        for (int number : numbers) {
            if (rules.put(number, rule) != null) {
                throw new IllegalStateException("field #" + number + " stands in two lists");
            }
        }
        return this;
    }

    /** The message this list is about. Loads its descriptor, which is slow the first time. */
    public Descriptor descriptor() {
        return descriptor.get();
    }

    /** The word for a field in this list: {@code honoured}, {@code harmless} or {@code refused}. */
    public String classify(int number) {
        Rule rule = rules.get(number);
        if (rule == null || rule instanceof Refused) {
            return "refused";
        }
        return rule == HARMLESS ? "harmless" : "honoured";
    }

    /** What the sender is told of a field that is refused; null for any other. */
    public @Nullable String reason(int number) {
        return switch (rules.get(number)) {
            case null -> UNSUPPORTED;
            case Refused(String reason) -> reason;
            default -> null;
        };
    }

    /** The numbers that stand in a list, in order. */
    public Collection<Integer> listed() {
        return new TreeMap<>(rules).keySet();
    }

    /** The lists of the messages inside, one level down, by field number. */
    public Map<Integer, FieldList> inside() {
        Map<Integer, FieldList> found = new TreeMap<>();
        rules.forEach((number, rule) -> {
            if (rule instanceof Inside(FieldList list)) {
                found.put(number, list);
            }
        });
        return found;
    }

    /**
     * Checks a message as it stands on the wire.
     *
     * @param harmless is handed the path of each harmless field, to be read when it is wanted
     * @return the first field that is refused, or null
     */
    public @Nullable Refusal check(ByteString message, Consumer<Supplier<String>> harmless) {
        try {
            return walk(message.newCodedInput(), null, harmless);
        } catch (IOException malformed) {
            return new Refusal("", "is not a valid message: " + malformed.getMessage());
        }
    }

    private @Nullable Refusal walk(CodedInputStream in, @Nullable FieldPath parent, Consumer<Supplier<String>> harmless)
            throws IOException {
        Map<Integer, Integer> occurrences = new HashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            int occurrence = occurrences.merge(number, 1, Integer::sum) - 1;
            FieldPath path = new FieldPath(parent, this, number, occurrence);
            Rule rule = rules.getOrDefault(number, new Refused(UNSUPPORTED));
            if (rule instanceof Refused(String reason)) {
                return new Refusal(path.get(), reason);
            }
            if (rule instanceof Inside(FieldList list)
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                Refusal refusal = list.walk(in, path, harmless);
                if (refusal != null) {
                    return refusal;
                }
                in.popLimit(outer);
                continue;
            }
            if (rule == HARMLESS) {
                harmless.accept(path);
            }
            in.skipField(tag);
        }
        return null;
    }

    /** The messages checked by this list and by those inside it, each once. */
    public List<FieldList> all() {
        Map<FieldList, Boolean> seen = new java.util.LinkedHashMap<>();
        collect(seen);
        return List.copyOf(seen.keySet());
    }

    private void collect(Map<FieldList, Boolean> seen) {
        if (seen.put(this, true) == null) {
            inside().values().forEach(list -> list.collect(seen));
        }
    }
}
