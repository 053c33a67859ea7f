package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.filter.Parsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of the bootstrap that is being read. Fields may be written as in the proto ({@code admin_address}) or as in its
 * JSON ({@code adminAddress}). Whatever was not asked for when the section ends is refused, so that nothing in the file is
 * passed over in silence.
 */
final class Section {

    /** The first thing that is wrong; of several it is the one to be told. */
    static final class Findings {
        private Parsed.@Nullable Bad<Object> first;
        private final List<String> harmless = new ArrayList<>();

        void add(String path, String reason) {
            if (first == null) {
                first = new Parsed.Bad<>(path, reason);
            }
        }

        /** Paths of the fields that were accepted without effect. */
        List<String> harmless() {
            return List.copyOf(harmless);
        }

        <T> Parsed<T> outcome(T value) {
            Parsed.Bad<Object> bad = first;
            return bad == null ? new Parsed.Ok<>(value) : new Parsed.Bad<>(bad.path(), bad.reason());
        }
    }

    private final Map<?, ?> fields;
    private final String path;
    private final Findings findings;
    private final Set<String> asked = new HashSet<>();

    Section(Map<?, ?> fields, String path, Findings findings) {
        this.fields = fields;
        this.path = path;
        this.findings = findings;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    /** An object; empty, and refused, if it is missing. */
    Section section(String name) {
        return required(name) ? optional(name) : new Section(Map.of(), at(name), findings);
    }

    /** An object; empty if it is missing. */
    Section optional(String name) {
        Object value = take(name);
        if (value != null && !(value instanceof Map)) {
            findings.add(at(name), "must be an object");
        }
        return new Section(value instanceof Map<?, ?> map ? map : Map.of(), at(name), findings);
    }

    /** The object as it stands. */
    Map<?, ?> whole() {
        return fields;
    }

    String path() {
        return path;
    }

    /** Whether anything stands in it. */
    boolean isSet() {
        return !fields.isEmpty();
    }

    /** The objects of a list. */
    List<Section> list(String name, boolean must) {
        List<Section> sections = new ArrayList<>();
        if (must ? !required(name) : !has(name)) {
            return sections;
        }
        Object value = take(name);
        if (!(value instanceof List<?> items)) {
            findings.add(at(name), "must be a list");
            return sections;
        }
        for (int i = 0; i < items.size(); i++) {
            String here = at(name) + "[" + i + "]";
            if (items.get(i) instanceof Map<?, ?> map) {
                sections.add(new Section(map, here, findings));
            } else {
                findings.add(here, "must be an object");
            }
        }
        return sections;
    }

    /** The one object of a list. */
    Section only(String name) {
        List<Section> sections = list(name, true);
        if (sections.size() != 1) {
            refuse(name, "must hold exactly one object, not " + sections.size());
        }
        return sections.isEmpty() ? new Section(Map.of(), at(name) + "[0]", findings) : sections.getFirst();
    }

    /** A text that must be there and not be empty. */
    String text(String name) {
        String text = required(name) ? text(name, "") : "";
        if (text.isEmpty()) {
            refuse(name, "must not be empty");
        }
        return text;
    }

    String text(String name, String absent) {
        Object value = take(name);
        if (value instanceof Map || value instanceof List) {
            refuse(name, "must be a text");
            return absent;
        }
        if (value instanceof Boolean) {
            refuse(name, "`" + value + "` is yes or no and must be a text; put it in quotes as it is meant");
        }
        return value == null ? absent : value.toString();
    }

    /** A whole number that must be there. */
    int number(String name, int least, int most) {
        Object value = required(name) ? take(name) : null;
        // As protobuf's JSON has it, a number may be in quotes.
        int number = String.valueOf(value).matches("-?\\d{1,9}") ? Integer.parseInt(String.valueOf(value)) : -1;
        if (number < 0) {
            refuse(name, "must be a whole number");
            return least;
        }
        if (number < least || number > most) {
            refuse(name, number + " must be between " + least + " and " + most);
        }
        return number;
    }

    /** Zero or more, as protobuf's JSON writes it: seconds with an s. */
    Duration duration(String name) {
        String text = text(name);
        if (!text.matches("\\d{1,9}(\\.\\d{1,3})?s")) {
            refuse(name, "`" + text + "` is not a duration; write e.g. 30s or 0.5s");
            return Duration.ofSeconds(1);
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 1000));
    }

    /** Anything, as it stands. */
    Map<?, ?> free(String name) {
        return take(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** Fields that are accepted whatever they say. */
    void accept(String... names) {
        for (String name : names) {
            take(name);
        }
    }

    /** Fields that have no effect here, whatever they say. */
    void harmless(String... names) {
        for (String name : names) {
            noteHarmless(name);
        }
    }

    void noteHarmless(String name) {
        if (take(name) != null) {
            findings.harmless.add(at(name));
        }
    }

    void refuse(String name, String reason) {
        findings.add(at(name), reason);
    }

    /** All that may stand here has been asked for. */
    void end() {
        for (Object name : fields.keySet()) {
            if (!asked.contains(String.valueOf(name))) {
                findings.add(at(String.valueOf(name)), "is not supported yet; remove it");
            }
        }
    }

    private boolean required(String name) {
        if (find(name) == null) {
            refuse(name, "is missing");
            return false;
        }
        return true;
    }

    private @Nullable Object take(String name) {
        asked.add(name);
        asked.add(camel(name));
        return find(name);
    }

    private @Nullable Object find(String name) {
        Object value = fields.get(name);
        return value == null ? fields.get(camel(name)) : value;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean joins = c == '_' && i + 1 < name.length();
            camel.append(joins ? Character.toUpperCase(name.charAt(++i)) : c);
        }
        return camel.toString();
    }
}
