package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.lab.Challenge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the constant pools of a compiled submission and refuses, by name and before anything runs, what calls, extends or
 * finds the product's own class.
 *
 * <p>Everything a class file can refer to stands in its pool: classes, methods, texts, descriptors. So one pass over the
 * entries sees each of them, however the source was written; what builds a name at run time needs a way to look it up,
 * and those ways are in the pool too.
 */
public final class ClassInspector {

    private ClassInspector() {}

    /**
     * Looks at every class file below a folder.
     *
     * @return one sentence a finding, with the class and the name it may not use; empty when the submission may run
     */
    public static List<String> refusals(Path classes, Challenge challenge) {
        Rules rules = Rules.of(challenge);
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .flatMap(file -> refusals(file, rules).stream())
                    .distinct()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> refusals(Path file, Rules rules) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        String self = dotted(model.thisClass().asInternalName());
        List<String> found = new ArrayList<>();
        rules.refuseOwn(self).ifPresent(why -> found.add("refused: " + self + ": " + why));
        for (PoolEntry entry : model.constantPool()) {
            judge(entry, rules).ifPresent(finding -> found.add("refused: " + self + " uses " + finding));
        }
        return found;
    }

    private static Optional<String> judge(PoolEntry entry, Rules rules) {
        return switch (entry) {
            case ClassEntry used -> {
                String name = dotted(element(used.asInternalName()));
                yield rules.refuseUse(name).map(why -> name + ": " + why);
            }
            case MemberRefEntry member -> {
                String owner = dotted(member.owner().asInternalName());
                String method = member.name().stringValue();
                yield rules.refuseCall(owner, method).map(why -> owner + "." + method + ": " + why);
            }
            case MethodHandleEntry handle -> judge(handle.reference(), rules);
            case StringEntry text ->
                rules.refuseText(text.stringValue()).map(why -> "the text \"" + text.stringValue() + "\": " + why);
            case Utf8Entry raw -> rules.refuseDescriptor(raw.stringValue());
            default -> Optional.empty();
        };
    }

    /** The class inside an array type: {@code [Ljava/lang/String;} gives {@code java/lang/String}. */
    private static String element(String internalName) {
        String name = internalName.replaceFirst("^\\[+", "");
        return name.length() < internalName.length() && name.startsWith("L")
                ? name.substring(1, name.length() - 1)
                : name;
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
