package dev.perimeter.controlplane.contract.fields;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A step on the way into a message. Keeps numbers only; names are looked up when somebody wants to read the path. */
record FieldPath(@Nullable FieldPath parent, FieldList list, int number, int occurrence) implements Supplier<String> {

    @Override
    public String get() {
        FieldDescriptor field = list.descriptor().findFieldByNumber(number);
        String name = field == null ? "field #" + number : field.getName();
        String step = field != null && field.isRepeated() ? name + "[" + occurrence + "]" : name;
        return parent == null ? step : parent.get() + "." + step;
    }
}
