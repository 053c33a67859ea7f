package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;

/** Header changes of a route, a virtual host or a route table: removals first, then additions, as Envoy does it. */
final class HeaderEdits {

    private static final FieldList HEADER = FieldList.of(HeaderValue::getDescriptor)
            .honoured(HeaderValue.KEY_FIELD_NUMBER, HeaderValue.VALUE_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(HeaderValueOption::getDescriptor)
            .inside(HeaderValueOption.HEADER_FIELD_NUMBER, HEADER)
            .honoured(HeaderValueOption.APPEND_FIELD_NUMBER, HeaderValueOption.APPEND_ACTION_FIELD_NUMBER);

    private HeaderEdits() {}

    static List<HeaderEdit> read(
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
        String value = literal(option.getHeader().getValue(), place.in("header").in("value"));
        int action = option.getAppendActionValue();
        if (option.hasAppend()) {
            return option.getAppend().getValue() ? new HeaderEdit.Append(name, value) : new HeaderEdit.Set(name, value);
        }
        if (action == HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD_VALUE) {
            return new HeaderEdit.Set(name, value);
        }
        if (action != HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD_VALUE) {
            place.in("append_action")
                    .refuse("only APPEND_IF_EXISTS_OR_ADD and OVERWRITE_IF_EXISTS_OR_ADD are supported yet");
        }
        return new HeaderEdit.Append(name, value);
    }

    private static String name(String name, Place place) {
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

    /** A value without command operators; {@code %%} stands for a percent sign. */
    private static String literal(String value, Place place) {
        if (value.replace("%%", "").contains("%")) {
            place.refuse("`" + value + "`: command operators are not supported yet here; write %% for a percent sign");
        }
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            place.refuse("must not hold line breaks");
        }
        return value.replace("%%", "%");
    }
}
