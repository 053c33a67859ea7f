package dev.perimeter.labs.harness.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * One thing the labs teach.
 *
 * @param id {@code S} and a number, with a letter for a part of a compound statement
 * @param shown true when a test asserts it, false when it is explained and judged by a person
 * @param labs numbers of the labs that teach it, by the curriculum; not all of them need exist yet
 */
public record Statement(String id, String says, boolean shown, List<String> labs) {

    /** Reads {@code labs/statements.yaml}. */
    public static List<Statement> read(Path file) {
        return YamlFile.read(file, root -> {
            root.oneOf("schema", List.of("perimeter/statements/v1"));
            return root.list("statements", each -> {
                String id = each.text("id");
                if (!id.matches("S[1-9][0-9]?[a-d]?")) {
                    each.problem("id", "\"" + id + "\" is not S and a number, with a letter for a part");
                }
                List<String> labs = each.texts("labs");
                if (labs.isEmpty()) {
                    each.problem("labs", "no lab would teach it");
                }
                boolean shown = each.oneOf("proof", List.of("shown", "judged")).equals("shown");
                return new Statement(id, each.text("says"), shown, labs);
            });
        });
    }
}
