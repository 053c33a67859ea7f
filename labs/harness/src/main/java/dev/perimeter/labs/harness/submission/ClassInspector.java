package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.lab.Challenge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a compiled submission and refuses, by name and before anything runs, what it may not use: above all the
 * product's own class, and every way to one that was not compiled with the submission.
 *
 * <p>Every class, method and field a class uses is named in its code, however the source was written; what builds a name
 * at run time needs something to look it up with, and that is named there too.
 */
public final class ClassInspector {

    private ClassInspector() {}

    /**
     * Looks at every class file below a folder.
     *
     * @return one sentence a finding, with file, line, and the name that may not be used; empty when it may run
     */
    public static List<String> refusals(Path classes, Challenge challenge) {
        Rules rules = Rules.of(challenge);
        List<String> findings = new ArrayList<>();
        List<Use> uses = new ArrayList<>();
        List<ClassModel> models = models(classes);
        Heritage heritage = Heritage.of(models);
        for (ClassModel model : models) {
            String self = Use.dotted(model.thisClass().asInternalName());
            rules.refuseOwn(self).ifPresent(why -> findings.add("refused: the class " + self + ": " + why));
            UsesReader.read(model).stream().flatMap(heritage::origins).forEach(uses::add);
        }
        uses.sort(Comparator.comparing(Use::file).thenComparingInt(Use::line));
        Set<String> told = new HashSet<>();
        for (Use use : uses) {
            // Once for each name, at the first line that has it.
            judge(use, rules)
                    .filter(finding -> told.add(finding.name()))
                    .ifPresent(finding -> findings.add(use.told(finding.name(), finding.why())));
        }
        return List.copyOf(findings);
    }

    private record Finding(String name, String why) {}

    private static Optional<Finding> judge(Use use, Rules rules) {
        Optional<Finding> type = rules.refuseType(use.owner()).map(why -> new Finding(use.owner(), why));
        return type.isPresent() || use.member().isEmpty()
                ? type
                : rules.refuseMember(use.owner(), use.member(), use.descriptor())
                        .map(why -> new Finding(use.name(), why));
    }

    /**
     * Why the checks could not even begin: the class they look for is not there, or is not what they can run.
     *
     * @return a sentence for the learner; empty when the class can be made and called
     */
    public static Optional<String> unusable(Path classes, Challenge challenge) {
        String file = Path.of(challenge.allowedFiles().getFirst()).getFileName().toString();
        Path compiled = classes.resolve(challenge.subject().replace('.', '/') + ".class");
        if (!Files.isRegularFile(compiled)) {
            return Optional.of("%s holds no class %s; it begins with \"package %s;\" and has a class %s."
                    .formatted(
                            file,
                            challenge.subject(),
                            challenge.subjectPackage(),
                            challenge
                                    .subject()
                                    .substring(challenge.subjectPackage().length() + 1)));
        }
        ClassModel model = parse(compiled);
        String contract = challenge.contract();
        if (model.interfaces().stream()
                .noneMatch(each -> Use.dotted(each.asInternalName()).equals(contract))) {
            return Optional.of("%s does not implement %s; its class says \"implements %s\"."
                    .formatted(file, contract, contract.substring(contract.lastIndexOf('.') + 1)));
        }
        boolean made = model.methods().stream()
                .anyMatch(method -> method.methodName().equalsString("<init>")
                        && method.methodType().equalsString("()V")
                        && (method.flags().flagsMask() & ClassFile.ACC_PRIVATE) == 0);
        return made && (model.flags().flagsMask() & ClassFile.ACC_ABSTRACT) == 0
                ? Optional.empty()
                : Optional.of(file + ": the checks make an object of the class, so it is not abstract and has a"
                        + " constructor without parameters that is not private.");
    }

    private static List<ClassModel> models(Path classes) {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .map(ClassInspector::parse)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
