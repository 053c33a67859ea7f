package dev.perimeter.proxy.sidecar.admin.config;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.google.re2j.Pattern;
import dev.perimeter.proxy.sidecar.text.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a config dump: {@code resource} names a list of a section, e.g. {@code dynamic_listeners}; {@code name_regex}
 * keeps the entries whose resource has such a name; {@code mask} keeps the fields on its paths. Works on the JSON, so a
 * mask goes through extensions as through any other field.
 *
 * @param resource null for all
 * @param name must match the whole name; null for all
 * @param mask paths with dots; empty for all
 */
public record ConfigSelection(
        @Nullable String resource, @Nullable Pattern name, List<String> mask) {

    /** Where a resource stands within an entry of a list. */
    private static final List<String> HOLDERS = List.of(
            "cluster",
            "route_config",
            "endpoint_config",
            "listener",
            "active_state",
            "warming_state",
            "secret",
            "ecds_filter");

    boolean all() {
        return resource == null && name == null && mask.isEmpty();
    }

    /** The sections, or the entries of the wanted list, as JSON. */
    List<Object> of(List<String> sections) throws InvalidProtocolBufferException {
        List<Object> kept = new ArrayList<>();
        for (String json : sections) {
            Struct.Builder section = Struct.newBuilder();
            JsonFormat.parser().merge(json, section);
            if (resource == null) {
                kept.add(raw(masked(named(section.build()))));
                continue;
            }
            Value list = section.getFieldsMap().get(resource);
            if (list != null) {
                for (Value entry : list.getListValue().getValuesList()) {
                    if (isNamed(entry.getStructValue())) {
                        kept.add(raw(masked(entry.getStructValue())));
                    }
                }
            }
        }
        return kept;
    }

    private static Json.Raw raw(Struct tree) throws InvalidProtocolBufferException {
        return new Json.Raw(JsonFormat.printer().print(tree));
    }

    private Struct named(Struct section) {
        if (name == null) {
            return section;
        }
        Struct.Builder kept = section.toBuilder();
        section.getFieldsMap().forEach((field, value) -> {
            if (value.hasListValue()) {
                ListValue.Builder list = ListValue.newBuilder();
                value.getListValue().getValuesList().stream()
                        .filter(entry -> isNamed(entry.getStructValue()))
                        .forEach(list::addValues);
                kept.putFields(field, Value.newBuilder().setListValue(list).build());
            }
        });
        return kept.build();
    }

    private boolean isNamed(Struct entry) {
        if (name == null) {
            return true;
        }
        String found = nameOf(entry);
        return found != null && name.matches(found);
    }

    private static @Nullable String nameOf(Struct entry) {
        for (String field : List.of("name", "cluster_name")) {
            Value own = entry.getFieldsMap().get(field);
            if (own != null && own.hasStringValue()) {
                return own.getStringValue();
            }
        }
        for (String holder : HOLDERS) {
            Value inner = entry.getFieldsMap().get(holder);
            String found = inner == null ? null : nameOf(inner.getStructValue());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private Struct masked(Struct tree) {
        if (mask.isEmpty()) {
            return tree;
        }
        Struct.Builder kept = Struct.newBuilder();
        Value type = tree.getFieldsMap().get("@type");
        if (type != null) {
            kept.putFields("@type", type);
        }
        for (String path : mask) {
            keep(tree, path, kept);
        }
        return kept.build();
    }

    private static void keep(Struct from, String path, Struct.Builder into) {
        int dot = path.indexOf('.');
        String field = dot < 0 ? path : path.substring(0, dot);
        Value value = from.getFieldsMap().get(field);
        if (value == null) {
            return;
        }
        into.putFields(
                field,
                dot < 0
                        ? value
                        : within(
                                value,
                                path.substring(dot + 1),
                                into.getFieldsMap().get(field)));
    }

    /** @param before what an earlier path of the mask has kept of the same field */
    private static Value within(Value value, String path, @Nullable Value before) {
        if (value.hasListValue()) {
            ListValue.Builder list = ListValue.newBuilder();
            for (int i = 0; i < value.getListValue().getValuesCount(); i++) {
                Value earlier = before == null ? null : before.getListValue().getValues(i);
                list.addValues(within(value.getListValue().getValues(i), path, earlier));
            }
            return Value.newBuilder().setListValue(list).build();
        }
        if (!value.hasStructValue()) {
            return value;
        }
        Struct.Builder kept = before == null ? Struct.newBuilder() : before.getStructValue().toBuilder();
        keep(value.getStructValue(), path, kept);
        return Value.newBuilder().setStructValue(kept).build();
    }
}
