package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.check.Story;
import java.nio.file.Path;
import java.util.List;

/**
 * What the checks of a challenge run against: a class, where it comes from, and how it is run.
 *
 * @param name as a story calls it: the simple name of the class
 * @param className what the host makes an instance of
 * @param host class with the {@code main} that runs it
 * @param classPath everything the process sees
 * @param heapMegabytes memory it gets, on the heap and again outside it
 * @param scratch folder for its output
 */
public record Subject(
        String name, String className, String host, List<Path> classPath, int heapMegabytes, Path scratch) {

    /**
     * Starts a process with the subject in it and waits until it says it is ready.
     *
     * @param arguments for the host, after the name of the class
     * @throws dev.perimeter.labs.harness.check.CheckFailed when the process ends instead
     */
    public Worker start(Story story, String... arguments) {
        story.did("Started", name + " in a process of its own, " + heapMegabytes + " MB heap");
        return Worker.start(this, story, List.of(arguments));
    }
}
