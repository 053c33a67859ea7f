package dev.perimeter.book;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The example that stands beside the class of a filter or a policy: a YAML file of the same name, which begins with a
 * comment.
 *
 * @param description what the thing does: the comment up to the line that starts with "The example"
 * @param caption what the example does: the rest of the comment
 * @param yaml what follows the comment
 */
record Example(String description, String caption, String yaml) {

    private static final String COMMENT = "# ";
    private static final String CAPTION = "# The example ";

    static Example of(Class<?> type) throws IOException {
        String name = type.getSimpleName() + ".yaml";
        try (InputStream file = type.getResourceAsStream(name)) {
            if (file == null) {
                throw new IOException(name + " is missing among the resources beside " + type.getName());
            }
            return read(name, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Example read(String name, String text) throws IOException {
        List<String> lines = text.lines().toList();
        List<String> comment =
                lines.stream().takeWhile(line -> line.startsWith(COMMENT)).toList();
        List<String> description =
                comment.stream().takeWhile(line -> !line.startsWith(CAPTION)).toList();
        List<String> caption = comment.subList(description.size(), comment.size());
        if (description.isEmpty() || caption.isEmpty()) {
            throw new IOException(
                    name + " must begin with a comment that says what this is for, and then, in a line that"
                            + " starts with \"" + CAPTION.strip() + "\", what the example does");
        }
        return new Example(
                prose(description),
                prose(caption),
                String.join("\n", lines.subList(comment.size(), lines.size())).strip());
    }

    private static String prose(List<String> comment) {
        return comment.stream().map(line -> line.substring(COMMENT.length())).collect(Collectors.joining(" "));
    }
}
