package dev.perimeter.shop.order.intake;

import dev.perimeter.shop.order.problem.Violation;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object, and notes every rule that is broken instead of stopping at the first. A field
 * that broke a rule reads as {@code null}.
 *
 * @param path what to put before a field's name, such as {@code items[0].}
 * @param violations where the broken rules go; shared by all objects of one body
 */
record JsonFields(JsonNode object, String path, List<Violation> violations) {

    /** A field that nobody reads is a misspelt field that somebody relies on. */
    void onlyKnows(Set<String> names) {
        for (var name : object.propertyNames()) {
            if (!names.contains(name)) {
                violate(name, "is not a field of this object");
            }
        }
    }

    @Nullable
    String text(String name, Pattern rule, String meaning) {
        var text = object.path(name).stringValue(null);
        if (text != null && rule.matcher(text).matches()) {
            return text;
        }
        violate(name, meaning);
        return null;
    }

    @Nullable
    Long wholeNumber(String name, long least, long most) {
        var node = object.path(name);
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            long number = node.longValue();
            if (number >= least && number <= most) {
                return number;
            }
        }
        violate(name, "must be a whole number from " + least + " to " + most);
        return null;
    }

    void violate(String name, String message) {
        violations.add(new Violation(path + name, message));
    }
}
