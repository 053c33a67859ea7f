package dev.perimeter.proxy.filters.field;

import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import io.envoyproxy.envoy.config.core.v3.KeyValueAppend;
import io.envoyproxy.envoy.config.core.v3.KeyValueAppend.KeyValueAppendAction;
import io.envoyproxy.envoy.config.core.v3.KeyValueMutation;
import io.envoyproxy.envoy.config.core.v3.KeyValuePair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change to the query of a path. Names are compared as they were sent, values go out encoded.
 *
 * @param value encoded, or null to remove the parameter
 */
public record QueryEdit(String name, @Nullable String value, KeyValueAppendAction action) {

    public static final FieldList FIELDS = FieldList.of(KeyValueMutation::getDescriptor)
            .honoured(KeyValueMutation.REMOVE_FIELD_NUMBER)
            .inside(
                    KeyValueMutation.APPEND_FIELD_NUMBER,
                    FieldList.of(KeyValueAppend::getDescriptor)
                            .inside(
                                    KeyValueAppend.RECORD_FIELD_NUMBER,
                                    FieldList.of(KeyValuePair::getDescriptor)
                                            .honoured(KeyValuePair.KEY_FIELD_NUMBER, KeyValuePair.VALUE_FIELD_NUMBER))
                            .honoured(KeyValueAppend.ACTION_FIELD_NUMBER));

    public static List<QueryEdit> read(List<KeyValueMutation> mutations, Field parent, String field) {
        List<QueryEdit> edits = new ArrayList<>(mutations.size());
        for (int i = 0; i < mutations.size(); i++) {
            edits.add(read(mutations.get(i), parent.in(field, i)));
        }
        return List.copyOf(edits);
    }

    private static QueryEdit read(KeyValueMutation mutation, Field field) {
        boolean append = mutation.hasAppend();
        if (append == !mutation.getRemove().isEmpty()) {
            field.refuse("needs one of remove and append");
        }
        KeyValuePair pair = mutation.getAppend().getRecord();
        if (append && pair.getKey().isEmpty()) {
            field.in("append.record.key").refuse("must not be empty");
        }
        Value value = pair.getValue();
        if (append && value.getKindCase() != Value.KindCase.STRING_VALUE) {
            field.in("append.record.value").refuse("must be a text");
        }
        if (value.getStringValue().contains("%")) {
            field.in("append.record.value").refuse("command operators are not supported yet");
        }
        return append
                ? new QueryEdit(
                        encoded(pair.getKey()),
                        encoded(value.getStringValue()),
                        mutation.getAppend().getAction())
                : new QueryEdit(encoded(mutation.getRemove()), null, KeyValueAppendAction.OVERWRITE_IF_EXISTS);
    }

    /** Everything but what is unreserved (RFC 3986 section 2.3), so that a value can never become another parameter. */
    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** The path with its query changed. */
    public static String apply(List<QueryEdit> edits, String path) {
        int mark = path.indexOf('?');
        String before = mark < 0 ? path : path.substring(0, mark);
        List<String> parameters = new ArrayList<>();
        if (mark >= 0 && mark + 1 < path.length()) {
            parameters.addAll(List.of(path.substring(mark + 1).split("&", -1)));
        }
        for (QueryEdit edit : edits) {
            edit.apply(parameters);
        }
        return parameters.isEmpty() ? before : before + "?" + String.join("&", parameters);
    }

    private void apply(List<String> parameters) {
        boolean there = parameters.stream().anyMatch(this::isThis);
        if (value == null) {
            parameters.removeIf(this::isThis);
            return;
        }
        boolean adds = switch (action) {
            case ADD_IF_ABSENT -> !there;
            case OVERWRITE_IF_EXISTS -> there;
            default -> true;
        };
        if (adds) {
            if (action == KeyValueAppendAction.OVERWRITE_IF_EXISTS
                    || action == KeyValueAppendAction.OVERWRITE_IF_EXISTS_OR_ADD) {
                parameters.removeIf(this::isThis);
            }
            parameters.add(name + "=" + value);
        }
    }

    private boolean isThis(String parameter) {
        return parameter.startsWith(name)
                && (parameter.length() == name.length() || parameter.charAt(name.length()) == '=');
    }
}
