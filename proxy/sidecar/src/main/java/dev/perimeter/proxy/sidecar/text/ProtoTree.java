package dev.perimeter.proxy.sidecar.text;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.perimeter.proxy.filter.Parsed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from a tree of maps, lists and scalars, by the rules of protobuf's JSON. Slow the first time, as descriptors
 * have to be loaded, so only for what cannot be had otherwise.
 */
public final class ProtoTree {

    private ProtoTree() {}

    /** The message, or why the tree is none. */
    public static <B extends Message.Builder> Parsed<B> read(Map<?, ?> tree, B into) {
        Map<String, Descriptor> types = new LinkedHashMap<>();
        String unknown = collect(tree, types);
        if (unknown != null) {
            return new Parsed.Bad<>(WrongField.ofType(tree, unknown), "no message here has the type `" + unknown + "`");
        }
        TypedTree spelling = new TypedTree();
        Map<?, ?> typed = spelling.message(tree, into.getDescriptorForType(), "");
        if (spelling.wrongPath() != null) {
            return new Parsed.Bad<>(spelling.wrongPath(), spelling.wrong());
        }
        TypeRegistry registry = TypeRegistry.newBuilder().add(types.values()).build();
        try {
            JsonFormat.parser().usingTypeRegistry(registry).merge(Json.write(typed), into);
            return new Parsed.Ok<>(into);
        } catch (InvalidProtocolBufferException malformed) {
            String sentence = String.valueOf(malformed.getMessage());
            return new Parsed.Bad<>(WrongField.path(typed, sentence), sentence);
        }
    }

    /** The same, packed. */
    public static Parsed<Any> pack(Map<?, ?> tree, Message.Builder into) {
        return read(tree, into).map(builder -> Any.pack(builder.build()));
    }

    /** @return a type that is not known, or null */
    private static @Nullable String collect(@Nullable Object tree, Map<String, Descriptor> types) {
        if (tree instanceof Map<?, ?> map) {
            if (map.get("@type") instanceof String url) {
                Descriptor type = MessageTypes.find(url);
                if (type == null) {
                    return url;
                }
                types.put(type.getFullName(), type);
            }
            return collectAll(map.values(), types);
        }
        return tree instanceof List<?> list ? collectAll(list, types) : null;
    }

    private static @Nullable String collectAll(Iterable<?> trees, Map<String, Descriptor> types) {
        for (Object tree : trees) {
            String unknown = collect(tree, types);
            if (unknown != null) {
                return unknown;
            }
        }
        return null;
    }
}
