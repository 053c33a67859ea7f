package dev.perimeter.labs.harness.submission;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.DynamicConstantPoolEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Walks one class: what it extends and declares, and every instruction that names something. */
final class UsesReader {

    private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;]+);");

    private final List<Use> uses = new ArrayList<>();
    private final String file;
    private final String nested;
    private String method = "";
    private int line;

    private UsesReader(ClassModel model) {
        this.file = model.findAttribute(Attributes.sourceFile())
                .map(SourceFileAttribute::sourceFile)
                .map(Object::toString)
                .orElse("?");
        // Mine$Pump$1 is "Pump" to its author.
        this.nested = model.thisClass()
                .asInternalName()
                .replaceFirst("^[^$]*\\$?", "")
                .replaceFirst("\\$?[0-9]+.*$", "")
                .replace('$', '.');
    }

    static List<Use> read(ClassModel model) {
        UsesReader reader = new UsesReader(model);
        model.superclass().ifPresent(reader::type);
        model.interfaces().forEach(reader::type);
        for (FieldModel field : model.fields()) {
            reader.descriptor(field.fieldType().stringValue());
        }
        model.methods().forEach(reader::method);
        return reader.uses;
    }

    private void method(MethodModel model) {
        String name = model.methodName().stringValue();
        String plain = name.startsWith("lambda$") ? name.split("\\$", -1)[1] : name;
        method = switch (plain) {
            case "<init>", "new" -> "the constructor";
            case "<clinit>", "static" -> "a static field";
            default -> (nested.isEmpty() ? "" : nested + ".") + plain;
        };
        line = 0;
        model.code().ifPresent(code -> code.forEach(this::element));
        // After the code, where the same class is met with its line.
        line = 0;
        String type = model.methodType().stringValue();
        descriptor(type);
        if (name.equals("finalize") && type.equals("()V")) {
            // To have one is enough: nobody has to call it.
            uses.add(new Use(file, line, method, "java.lang.Object", name, type));
        }
    }

    private void element(CodeElement element) {
        switch (element) {
            case LineNumber number -> line = number.line();
            case InvokeInstruction call ->
                member(call.owner(), call.name().stringValue(), call.type().stringValue());
            case FieldInstruction field ->
                member(field.owner(), field.name().stringValue(), field.type().stringValue());
            case NewObjectInstruction made -> type(made.className());
            case TypeCheckInstruction check -> type(check.type());
            case NewReferenceArrayInstruction array -> type(array.componentType());
            case NewMultiArrayInstruction array -> type(array.arrayType());
            case ConstantInstruction.LoadConstantInstruction constant -> constant(constant.constantEntry());
            case InvokeDynamicInstruction linked -> linked(linked.invokedynamic());
            case ExceptionCatch caught -> caught.catchType().ifPresent(this::type);
            default -> {
                // Numbers, jumps, local variables: they name nothing.
            }
        }
    }

    private void linked(DynamicConstantPoolEntry entry) {
        handle(entry.bootstrap().bootstrapMethod());
        entry.bootstrap().arguments().forEach(this::constant);
    }

    private void constant(LoadableConstantEntry entry) {
        switch (entry) {
            case ClassEntry named -> type(named);
            case MethodHandleEntry handle -> handle(handle);
            case MethodTypeEntry type -> descriptor(type.descriptor().stringValue());
            case ConstantDynamicEntry computed -> linked(computed);
            default -> {
                // A number or a text.
            }
        }
    }

    private void handle(MethodHandleEntry entry) {
        ClassEntry owner = entry.reference().owner();
        String name = entry.reference().name().stringValue();
        String dotted = Use.dotted(owner.asInternalName());
        if (!Permitted.linkage(dotted) && !Permitted.linked(dotted, name)) {
            member(owner, name, entry.reference().type().stringValue());
        }
    }

    private void member(ClassEntry owner, String name, String descriptor) {
        String internal = owner.asInternalName();
        if (internal.startsWith("[")) {
            // clone() and length of an array belong to nobody else.
            descriptor(internal);
        } else {
            uses.add(new Use(file, line, method, Use.dotted(internal), name, descriptor));
        }
    }

    private void type(ClassEntry named) {
        String internal = named.asInternalName();
        if (internal.startsWith("[")) {
            descriptor(internal);
        } else {
            uses.add(new Use(file, line, method, Use.dotted(internal), "", ""));
        }
    }

    private void descriptor(String raw) {
        Matcher classes = CLASS_IN_DESCRIPTOR.matcher(raw);
        while (classes.find()) {
            uses.add(new Use(file, line, method, Use.dotted(classes.group(1)), "", ""));
        }
    }
}
