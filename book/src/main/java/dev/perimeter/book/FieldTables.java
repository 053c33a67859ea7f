package dev.perimeter.book;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.perimeter.controlplane.contract.fields.FieldList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A section with a table for each message, out of the very lists by which the proxy judges it. */
final class FieldTables {

    private final Set<FieldList> lists = new LinkedHashSet<>();
    private final Map<FieldList, String> anchors = new HashMap<>();

    FieldTables(List<FieldList> tops) {
        tops.forEach(top -> lists.addAll(top.all()));
        lists.removeIf(list -> list.descriptor().getFields().isEmpty());
        for (FieldList list : lists) {
            String name = list.descriptor().getName().toLowerCase(Locale.ROOT);
            // Two places may take the same message, and not the same of its fields.
            String anchor = name;
            for (int i = 2; anchors.containsValue(anchor); i++) {
                anchor = name + "-" + i;
            }
            anchors.put(list, anchor);
        }
    }

    String write() {
        StringBuilder out = new StringBuilder("== Fields\n\n");
        out.append(
                lists.isEmpty()
                        ? "There is nothing to be set.\n"
                        : "A field that is _honoured_ has its effect, one that is _harmless_ is accepted and has none,"
                                + " and one that is _refused_ makes the proxy refuse the configuration and say why.\n");
        lists.forEach(list -> table(list, out));
        return out.toString();
    }

    private void table(FieldList list, StringBuilder out) {
        Descriptor message = list.descriptor();
        out.append("\n[#").append(anchors.get(list)).append("]\n=== ").append(message.getName());
        out.append("\n\n").append(literal(message.getFullName())).append("\n\n");
        out.append("[cols=\"2,1,3\",options=\"header\"]\n|===\n| Field | Here | Note\n");
        for (FieldDescriptor field : message.getFields()) {
            out.append("\n| ").append(literal(field.getName()));
            out.append("\n| ").append(list.classify(field.getNumber()));
            out.append("\n| ").append(note(list, field.getNumber())).append('\n');
        }
        out.append("|===\n");
    }

    private String note(FieldList list, int number) {
        String reason = list.reason(number);
        if (reason != null) {
            return cell(reason);
        }
        FieldList inside = list.inside().get(number);
        if (inside == null) {
            return "";
        }
        String anchor = anchors.get(inside);
        return anchor == null
                ? "has no fields"
                : "see <<" + anchor + "," + inside.descriptor().getName() + ">>";
    }

    static String literal(String text) {
        return "`+" + text + "+`";
    }

    /** Text that stays what it is in a cell: neither the end of the cell nor an attribute. */
    private static String cell(String text) {
        return text.replace("|", "\\|").replace("{", "\\{");
    }
}
