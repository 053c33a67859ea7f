package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.proxy.xds.resource.field.Place;
import java.util.Map;
import java.util.TreeMap;

/** Metadata for subsets as the engine compares it: every scalar by its text, as routes have it. */
public final class LbMetadata {

    private LbMetadata() {}

    public static Map<String, Object> read(Struct struct, Place place) {
        Map<String, Object> values = new TreeMap<>();
        struct.getFieldsMap().forEach((key, value) -> values.put(key, text(value, place.in(key))));
        return Map.copyOf(values);
    }

    private static String text(Value value, Place place) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case NUMBER_VALUE -> {
                double number = value.getNumberValue();
                yield number == Math.rint(number) && Math.abs(number) < 1e15
                        ? Long.toString((long) number)
                        : Double.toString(number);
            }
            default -> {
                place.refuse("only text, numbers and truth values are supported yet");
                yield "";
            }
        };
    }
}
