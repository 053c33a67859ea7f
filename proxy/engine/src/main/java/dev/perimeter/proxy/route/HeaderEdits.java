package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.observe.CommandFormat;
import dev.perimeter.proxy.observe.Journal;
import java.util.ArrayList;
import java.util.List;

/** A list of {@link HeaderEdit} ready to run; values may hold command operators, e.g. {@code %DOWNSTREAM_REMOTE_ADDRESS%}. */
public final class HeaderEdits {

    public static final HeaderEdits NONE = new HeaderEdits(new Step[0]);

    private enum Kind {
        SET,
        APPEND,
        ADD_IF_ABSENT,
        REPLACE,
        REMOVE
    }

    private record Step(Kind kind, String name, CommandFormat value, boolean keepEmpty) {

        void apply(Headers headers, Journal journal) {
            if (kind == Kind.REMOVE) {
                headers.remove(name);
                return;
            }
            if ((kind == Kind.ADD_IF_ABSENT && headers.contains(name))
                    || (kind == Kind.REPLACE && !headers.contains(name))) {
                return;
            }
            String text = value.text(journal, "");
            if (text.isEmpty() && !keepEmpty) {
                return;
            }
            if (kind == Kind.APPEND || kind == Kind.ADD_IF_ABSENT) {
                headers.add(name, text);
            } else {
                headers.set(name, text);
            }
        }
    }

    private final Step[] steps;

    private HeaderEdits(Step[] steps) {
        this.steps = steps;
    }

    public static Parsed<HeaderEdits> of(List<HeaderEdit> edits) {
        if (edits.isEmpty()) {
            return new Parsed.Ok<>(NONE);
        }
        List<Step> steps = new ArrayList<>();
        for (HeaderEdit edit : edits) {
            Parsed<Step> step = switch (edit) {
                case HeaderEdit.Remove(String name) -> step(Kind.REMOVE, name, "", false);
                case HeaderEdit.Set(String name, String value, boolean empty) -> step(Kind.SET, name, value, empty);
                case HeaderEdit.Append(String name, String value, boolean empty) ->
                    step(Kind.APPEND, name, value, empty);
                case HeaderEdit.AddIfAbsent(String name, String value, boolean empty) ->
                    step(Kind.ADD_IF_ABSENT, name, value, empty);
                case HeaderEdit.Replace(String name, String value, boolean empty) ->
                    step(Kind.REPLACE, name, value, empty);
            };
            switch (step) {
                case Parsed.Ok<Step>(Step value) -> steps.add(value);
                case Parsed.Bad<Step> bad -> {
                    return new Parsed.Bad<>(bad.path(), bad.reason());
                }
            }
        }
        return new Parsed.Ok<>(new HeaderEdits(steps.toArray(Step[]::new)));
    }

    private static Parsed<Step> step(Kind kind, String name, String value, boolean keepEmpty) {
        return switch (CommandFormat.parse(value)) {
            case Parsed.Bad<CommandFormat> bad -> new Parsed.Bad<>(name, bad.sentence());
            case Parsed.Ok<CommandFormat>(CommandFormat format) ->
                new Parsed.Ok<>(new Step(kind, name, format, keepEmpty));
        };
    }

    public void apply(Headers headers, Journal journal) {
        for (Step step : steps) {
            step.apply(headers, journal);
        }
    }
}
