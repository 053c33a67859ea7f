package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.lab.Challenge;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a submission may mention. Three questions, asked of names only, so that the answer stands before any of the
 * learner's code runs.
 *
 * @param ownPackage the one package the learner may put classes into
 * @param contract the interface of the product that is implemented
 * @param production the class of the product that does the same job
 */
record Rules(String ownPackage, String contract, String production) {

    /** Packages nobody but their owner puts classes into. */
    private static final List<String> RESERVED = List.of(
            "java.", "javax.", "jdk.", "sun.", "com.sun.", "org.junit.", "io.netty.", "io.grpc.", "dev.perimeter.");

    /** Ways to find, load, make or start code that was not compiled with the submission. */
    private static final List<String> REACHING_OUT = List.of(
            "java.lang.reflect.",
            "java.lang.foreign.",
            "java.lang.classfile.",
            "java.lang.instrument.",
            "java.lang.ClassLoader",
            "java.lang.ModuleLayer",
            "java.lang.ProcessBuilder",
            "java.lang.Runtime",
            "java.net.URLClassLoader",
            "java.util.ServiceLoader",
            "javax.tools.",
            "javax.script.",
            "sun.",
            "jdk.",
            "com.sun.");

    /** Methods of permitted classes that reach out in the same way. */
    private static final Set<String> REACHING_METHODS = Set.of(
            "java.lang.Class.forName",
            "java.lang.Class.getClassLoader",
            "java.lang.Class.getMethod",
            "java.lang.Class.getMethods",
            "java.lang.Class.getDeclaredMethod",
            "java.lang.Class.getDeclaredMethods",
            "java.lang.Class.getConstructor",
            "java.lang.Class.getConstructors",
            "java.lang.Class.getDeclaredConstructor",
            "java.lang.Class.getDeclaredConstructors",
            "java.lang.Class.getDeclaredField",
            "java.lang.Class.getDeclaredFields",
            "java.lang.Class.getField",
            "java.lang.Class.getFields",
            "java.lang.Class.newInstance",
            "java.lang.Thread.getContextClassLoader",
            "java.lang.System.exit",
            "java.lang.System.load",
            "java.lang.System.loadLibrary");

    static Rules of(Challenge challenge) {
        return new Rules(challenge.subjectPackage(), challenge.contract(), challenge.production());
    }

    /** Why a class of that name may not be part of a submission. */
    Optional<String> refuseOwn(String className) {
        if (className.startsWith(ownPackage + ".")) {
            return Optional.empty();
        }
        return RESERVED.stream()
                .filter(className::startsWith)
                .findFirst()
                .map(reserved -> "the package " + reserved + "* is reserved; write into " + ownPackage);
    }

    /** Why a class of that name may not be used. */
    Optional<String> refuseUse(String className) {
        if (isOrInside(className, production)) {
            return Optional.of("that is the class of the product that does this job; the challenge is to write it");
        }
        if (className.startsWith("dev.perimeter.")
                && !className.startsWith(ownPackage + ".")
                && !isOrInside(className, contract)) {
            return Optional.of("of the product, only " + contract + " may be used");
        }
        return REACHING_OUT.stream().anyMatch(className::startsWith)
                ? Optional.of("it reaches code outside the submission")
                : Optional.empty();
    }

    /** Why that method may not be called. */
    Optional<String> refuseCall(String className, String method) {
        // Every class with a lambda names MethodHandles.Lookup in its pool; only a submission's own code calls it.
        boolean handle =
                className.startsWith("java.lang.invoke.MethodHandle") || className.equals("java.lang.invoke.VarHandle");
        return handle || REACHING_METHODS.contains(className + "." + method)
                ? Optional.of("it reaches code outside the submission")
                : Optional.empty();
    }

    /** Why that text may not stand in a submission: it names the class it must not use. */
    Optional<String> refuseText(String text) {
        return text.replace('/', '.').contains(production.substring(0, production.lastIndexOf('.') + 1))
                ? Optional.of("it names the product's own code")
                : Optional.empty();
    }

    /** The product's class in a descriptor or signature, where no other entry of the pool need name it. */
    Optional<String> refuseDescriptor(String raw) {
        return raw.contains("L" + production.replace('.', '/') + ";")
                ? Optional.of(production + ": that is the class of the product that does this job")
                : Optional.empty();
    }

    private static boolean isOrInside(String className, String outer) {
        return className.equals(outer) || className.startsWith(outer + "$");
    }
}
