package dev.perimeter.controlplane.sources;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of one document in a file, and where it starts.
 *
 * <p>A line that starts with three dashes separates documents wherever it stands (YAML 1.2.2, section 9.1.2), so the
 * text can be cut before it is parsed: one document that is no YAML then does not take the others with it.
 */
record Section(int line, String text) {
    static List<Section> split(String text) {
        List<Section> sections = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int start = 1;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("---") && (line.length() == 3 || Character.isWhitespace(line.charAt(3)))) {
                sections.add(new Section(start, current.toString()));
                current.setLength(0);
                // What follows the dashes on their line belongs to the document; blanks keep its column.
                current.append("   ").append(line, 3, line.length()).append('\n');
                start = number;
            } else {
                current.append(line).append('\n');
            }
        }
        sections.add(new Section(start, current.toString()));
        return sections;
    }
}
