package dev.perimeter.labs.harness.text;

import dev.perimeter.labs.harness.grade.PrivateMesh;
import dev.perimeter.labs.harness.lab.Challenge;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs every command of a lab's text, as a reader would type them, in the top folder of the clone, and compares what is
 * printed. State, door and files of the learner are the run's own, so a mesh that runs beside is not touched.
 */
public final class TextRun {

    private static final long LONGEST_MINUTES = 4;

    private final Path root;
    private final Path scratch;
    private final Map<String, String> environment;

    /**
     * @param root top folder of the clone
     * @param scratch an empty folder of this run's own
     */
    public TextRun(Path root, Path scratch) {
        this.root = root;
        this.scratch = scratch;
        this.environment = Map.of(
                "LAB_HOME", scratch.resolve("home").toString(),
                "LAB_WORK", scratch.resolve("work").toString(),
                "LAB_PORT", Integer.toString(PrivateMesh.freePort()));
    }

    /**
     * Runs the text of one lab from its first command to its last, and ends what it left running.
     *
     * @return what was not as promised, in the order of the text; it stops at the first, for the rest stands on it
     */
    public List<String> run(Path lab) throws IOException, InterruptedException {
        copyStarter(LabReader.read(lab));
        Transcript transcript = new Transcript();
        List<String> wrong = new ArrayList<>();
        try {
            for (LabText.Command command : LabText.read(lab.resolve("lab.adoc")).commands()) {
                List<String> printed = type(command.command(), command.typed());
                Optional<String> difference = transcript.difference(command.output(), printed);
                if (difference.isPresent()) {
                    wrong.add("lab.adoc:" + command.line() + ": $ " + command.command() + "\n" + difference.get()
                            + "\n all of it:\n" + String.join("\n", printed));
                    break;
                }
            }
        } finally {
            type("scripts/lab down", List.of());
        }
        return wrong;
    }

    private List<String> type(String command, List<String> typed) throws IOException, InterruptedException {
        Path output = Files.createTempFile(scratch, "output-", ".txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            for (String line : typed) {
                in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return Files.readAllLines(output);
    }

    /** The learner of this run begins with the starter, whatever stands in the clone. */
    private void copyStarter(LabManifest lab) throws IOException {
        for (String file : lab.challenge().map(Challenge::allowedFiles).orElse(List.of())) {
            Path copy = scratch.resolve("work").resolve(lab.id()).resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Challenge.starter(lab.folder(), file), copy);
        }
    }
}
