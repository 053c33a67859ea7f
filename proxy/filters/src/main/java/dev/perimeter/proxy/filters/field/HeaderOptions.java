package dev.perimeter.proxy.filters.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.HeaderEdits;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;

/** Headers that a filter adds or changes; values may hold command operators. */
public final class HeaderOptions {

    public static final FieldList FIELDS = FieldList.of(HeaderValueOption::getDescriptor)
            .inside(
                    HeaderValueOption.HEADER_FIELD_NUMBER,
                    FieldList.of(HeaderValue::getDescriptor)
                            .honoured(HeaderValue.KEY_FIELD_NUMBER, HeaderValue.VALUE_FIELD_NUMBER))
            .honoured(HeaderValueOption.APPEND_ACTION_FIELD_NUMBER, HeaderValueOption.KEEP_EMPTY_VALUE_FIELD_NUMBER);

    private HeaderOptions() {}

    public static HeaderEdits edits(List<HeaderValueOption> options, Field parent, String name) {
        List<HeaderEdit> edits = new ArrayList<>(options.size());
        for (int i = 0; i < options.size(); i++) {
            edits.add(edit(options.get(i), parent.in(name, i)));
        }
        return ready(edits, parent.in(name));
    }

    public static HeaderEdit edit(HeaderValueOption option, Field field) {
        String name = name(option.getHeader().getKey(), field.in("header.key"));
        String value = value(option.getHeader().getValue(), field.in("header.value"));
        boolean empty = option.getKeepEmptyValue();
        return switch (option.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD -> new HeaderEdit.Append(name, value, empty);
            case ADD_IF_ABSENT -> new HeaderEdit.AddIfAbsent(name, value, empty);
            case OVERWRITE_IF_EXISTS_OR_ADD -> new HeaderEdit.Set(name, value, empty);
            case OVERWRITE_IF_EXISTS -> new HeaderEdit.Replace(name, value, empty);
            case UNRECOGNIZED -> {
                field.in("append_action").refuse(option.getAppendActionValue() + " is not a known action");
                yield new HeaderEdit.Append(name, value, empty);
            }
        };
    }

    /** A name that may be changed; returns it. */
    public static String name(String name, Field field) {
        if (name.startsWith(":") || name.equalsIgnoreCase("host") || !Ascii.isToken(name)) {
            field.refuse("`" + name + "` is not a header that can be changed");
        }
        return name;
    }

    private static String value(String value, Field field) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            field.refuse("must not hold line breaks");
        }
        return value;
    }

    /** The edits ready to run; refuses operators that are not known. */
    public static HeaderEdits ready(List<HeaderEdit> edits, Field field) {
        return switch (HeaderEdits.of(edits)) {
            case Parsed.Ok<HeaderEdits>(HeaderEdits ready) -> ready;
            case Parsed.Bad<HeaderEdits> bad -> {
                field.refuse(bad.sentence());
                yield HeaderEdits.NONE;
            }
        };
    }
}
