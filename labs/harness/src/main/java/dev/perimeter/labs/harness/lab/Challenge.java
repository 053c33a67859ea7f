package dev.perimeter.labs.harness.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * What the learner writes.
 *
 * @param allowedFiles files the learner may change, below the lab's folder; all else is left as it is
 * @param subject the class the checks run against
 * @param contract the interface of the product that it implements
 * @param production the class of the product that does the same job, which a submission must not use
 * @param host the class with the {@code main} that runs a subject in a process of its own
 * @param libraries jars that process sees besides, by the beginning of their names; of the product it sees the contract only
 * @param heapMegabytes memory that process gets
 */
public record Challenge(
        List<String> allowedFiles,
        String subject,
        String contract,
        String production,
        String host,
        List<String> libraries,
        int heapMegabytes) {

    /** What a learner begins with: the file of the same name in the lab's folder {@code starter}. */
    public static Path starter(Path lab, String allowedFile) {
        return lab.resolve("starter").resolve(Path.of(allowedFile).getFileName());
    }

    /** The one package a submission may put classes into. */
    public String subjectPackage() {
        return subject.substring(0, subject.lastIndexOf('.'));
    }
}
