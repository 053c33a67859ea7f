package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.observe.CommandFormat;
import dev.perimeter.proxy.observe.Journal;
import java.util.ArrayList;
import java.util.List;

/** A list of {@link HeaderEdit} ready to run; values may hold command operators, e.g. {@code %DOWNSTREAM_REMOTE_ADDRESS%}. */
public final class HeaderEdits {

    public static final HeaderEdits NONE = new HeaderEdits(List.of());

    @FunctionalInterface
    private interface Step {
        void apply(Headers headers, Journal journal);
    }

    private final List<Step> steps;

    private HeaderEdits(List<Step> steps) {
        this.steps = steps;
    }

    public static Parsed<HeaderEdits> of(List<HeaderEdit> edits) {
        if (edits.isEmpty()) {
            return new Parsed.Ok<>(NONE);
        }
        List<Step> steps = new ArrayList<>();
        for (HeaderEdit edit : edits) {
            switch (edit) {
                case HeaderEdit.Remove(String name) -> steps.add((headers, journal) -> headers.remove(name));
                case HeaderEdit.Set(String name, String value) -> {
                    switch (CommandFormat.parse(value)) {
                        case Parsed.Bad<CommandFormat> bad -> {
                            return new Parsed.Bad<>(name, bad.sentence());
                        }
                        case Parsed.Ok<CommandFormat>(CommandFormat format) ->
                            steps.add((headers, journal) -> headers.set(name, format.text(journal, "")));
                    }
                }
                case HeaderEdit.Append(String name, String value) -> {
                    switch (CommandFormat.parse(value)) {
                        case Parsed.Bad<CommandFormat> bad -> {
                            return new Parsed.Bad<>(name, bad.sentence());
                        }
                        case Parsed.Ok<CommandFormat>(CommandFormat format) ->
                            steps.add((headers, journal) -> headers.add(name, format.text(journal, "")));
                    }
                }
            }
        }
        return new Parsed.Ok<>(new HeaderEdits(List.copyOf(steps)));
    }

    /** Applies edits whose values are taken as they stand. */
    public static void applyPlain(List<HeaderEdit> edits, Headers headers) {
        for (int i = 0; i < edits.size(); i++) {
            switch (edits.get(i)) {
                case HeaderEdit.Set(String name, String value) -> headers.set(name, value);
                case HeaderEdit.Append(String name, String value) -> headers.add(name, value);
                case HeaderEdit.Remove(String name) -> headers.remove(name);
            }
        }
    }

    public void apply(Headers headers, Journal journal) {
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).apply(headers, journal);
        }
    }
}
