package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.observe.CommandFormat;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;

/** Header changes of a cluster, a route, a virtual host or a route table: removals first, then additions, as Envoy does it. */
public final class HeaderEdits {

    private static final FieldList HEADER = FieldList.of(HeaderValue::getDescriptor)
            .honoured(HeaderValue.KEY_FIELD_NUMBER, HeaderValue.VALUE_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(HeaderValueOption::getDescriptor)
            .inside(HeaderValueOption.HEADER_FIELD_NUMBER, HEADER)
            .honoured(
                    HeaderValueOption.APPEND_FIELD_NUMBER,
                    HeaderValueOption.APPEND_ACTION_FIELD_NUMBER,
                    HeaderValueOption.KEEP_EMPTY_VALUE_FIELD_NUMBER);

    private HeaderEdits() {}

    /** Reads {@code request_headers_to_remove} and {@code request_headers_to_add}. */
    public static List<HeaderEdit> request(List<String> remove, List<HeaderValueOption> add, Place parent) {
        return read(remove, parent.in("request_headers_to_remove"), add, parent, "request_headers_to_add");
    }

    /** Reads {@code response_headers_to_remove} and {@code response_headers_to_add}. */
    static List<HeaderEdit> response(List<String> remove, List<HeaderValueOption> add, Place parent) {
        return read(remove, parent.in("response_headers_to_remove"), add, parent, "response_headers_to_add");
    }

    /** Additions that stand in a field of their own, which may be of a response only. */
    public static List<HeaderEdit> added(List<HeaderValueOption> add, Place parent, String field) {
        return read(List.of(), parent, add, parent, field);
    }

    private static List<HeaderEdit> read(
            List<String> remove, Place removePlace, List<HeaderValueOption> add, Place parent, String addField) {
        List<HeaderEdit> edits = new ArrayList<>(remove.size() + add.size());
        for (String name : remove) {
            edits.add(new HeaderEdit.Remove(name(name, removePlace)));
        }
        for (int i = 0; i < add.size(); i++) {
            edits.add(edit(add.get(i), parent.in(addField, i)));
        }
        return List.copyOf(edits);
    }

    @SuppressWarnings("deprecation") // `append` is what older control planes still say
    private static HeaderEdit edit(HeaderValueOption option, Place place) {
        String name = name(option.getHeader().getKey(), place.in("header").in("key"));
        String value = value(option.getHeader().getValue(), place.in("header").in("value"));
        boolean empty = option.getKeepEmptyValue();
        if (option.hasAppend()) {
            return option.getAppend().getValue()
                    ? new HeaderEdit.Append(name, value, empty)
                    : new HeaderEdit.Set(name, value, empty);
        }
        return switch (option.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD -> new HeaderEdit.Append(name, value, empty);
            case ADD_IF_ABSENT -> new HeaderEdit.AddIfAbsent(name, value, empty);
            case OVERWRITE_IF_EXISTS_OR_ADD -> new HeaderEdit.Set(name, value, empty);
            case OVERWRITE_IF_EXISTS -> new HeaderEdit.Replace(name, value, empty);
            case UNRECOGNIZED -> {
                place.in("append_action").refuse(option.getAppendActionValue() + " is not a known action");
                yield new HeaderEdit.Append(name, value, empty);
            }
        };
    }

    static String name(String name, Place place) {
        if (name.isEmpty()) {
            place.refuse("must not be empty");
        } else if (name.startsWith(":") || name.equalsIgnoreCase("host")) {
            place.refuse("`" + name + "` cannot be changed here; use the route's rewrites");
        } else if (!name.chars().allMatch(HeaderEdits::isTokenCharacter)) {
            place.refuse("`" + name + "` is not a header name (RFC 9110 section 5.1)");
        }
        return name;
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Text with command operators; {@code %%} stands for a percent sign. */
    private static String value(String value, Place place) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            place.refuse("must not hold line breaks");
        }
        if (CommandFormat.parse(value) instanceof Parsed.Bad<CommandFormat>(String path, String reason)) {
            place.refuse(path, reason);
        }
        return value;
    }
}
