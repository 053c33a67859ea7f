package dev.perimeter.labs.harness.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of a lab: its headings, and the commands of its console blocks with what each prints.
 *
 * <p>In a block marked {@code [source,console]} a line that begins with {@code $} is a command; what follows, up to the
 * next one, is its output. A line of the output that begins with {@code >} is what the reader types.
 *
 * @param headings the second-level headings, in their order
 * @param commands of all blocks, in the order of the text
 */
public record LabText(List<String> headings, List<Command> commands) {

    /** The headings every lab has. */
    public static final List<String> HEADINGS =
            List.of("Observe", "Predict", "Toggle", "Verify", "Explain", "Challenge");

    /**
     * One command.
     *
     * @param line where it stands, 1 for the first line of the text
     * @param output the lines it must print
     */
    public record Command(int line, String command, List<String> output) {

        /** What the reader types while it runs, a line each. */
        public List<String> typed() {
            return output.stream()
                    .filter(line -> line.startsWith("> "))
                    .map(line -> line.substring(2))
                    .toList();
        }
    }

    /** Reads {@code lab.adoc}. */
    public static LabText read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        List<String> headings = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).startsWith("== ")) {
                headings.add(lines.get(at).substring(3).strip());
            }
            if (lines.get(at).equals("[source,console]")) {
                at = block(lines, at + 2, commands);
            }
        }
        return new LabText(List.copyOf(headings), List.copyOf(commands));
    }

    private static int block(List<String> lines, int from, List<Command> commands) {
        int at = from;
        while (at < lines.size() && !lines.get(at).equals("----")) {
            String command = lines.get(at);
            int begin = at++;
            List<String> output = new ArrayList<>();
            while (at < lines.size()
                    && !lines.get(at).equals("----")
                    && !lines.get(at).startsWith("$ ")) {
                output.add(lines.get(at++));
            }
            commands.add(new Command(begin + 1, command.replaceFirst("^\\$ ", ""), List.copyOf(output)));
        }
        return at;
    }
}
