package dev.perimeter.labs.harness.submission;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the submission's own classes inherit. A call of an inherited method names the own class in the code, as if it were
 * the learner's; whose it is stands in the class file's superclass and interfaces.
 */
final class Heritage {

    private final Map<String, ClassModel> own;

    private Heritage(Map<String, ClassModel> own) {
        this.own = own;
    }

    static Heritage of(List<ClassModel> models) {
        return new Heritage(models.stream()
                .collect(Collectors.toMap(
                        model -> Use.dotted(model.thisClass().asInternalName()), Function.identity(), (a, b) -> a)));
    }

    /** The same use, of each class the method or field may come from. */
    Stream<Use> origins(Use use) {
        ClassModel model = own.get(use.owner());
        return model == null || use.member().isEmpty() || declares(model, use)
                ? Stream.of(use)
                : Stream.concat(model.superclass().stream(), model.interfaces().stream())
                        .map(ClassEntry::asInternalName)
                        .flatMap(name -> origins(use.of(Use.dotted(name))));
    }

    private static boolean declares(ClassModel model, Use use) {
        return model.methods().stream()
                        .anyMatch(method -> method.methodName().equalsString(use.member())
                                && method.methodType().equalsString(use.descriptor()))
                || model.fields().stream()
                        .anyMatch(field -> field.fieldName().equalsString(use.member())
                                && field.fieldType().equalsString(use.descriptor()));
    }
}
