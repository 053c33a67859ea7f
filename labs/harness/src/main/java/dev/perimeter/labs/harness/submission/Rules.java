package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.lab.Challenge;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a submission may mention: its own classes, the interface it implements, and what is {@link Permitted}. Asked of
 * names only, so that the answer stands before any of the learner's code runs.
 *
 * @param own the classes of the allowed files; what is nested in them is the submission's own, too
 * @param contract the interface of the product that is implemented, with what is nested in it
 * @param production the class of the product that does the same job
 */
record Rules(Set<String> own, String contract, String production) {

    private static final Pattern FINDS_CODE = Pattern.compile("java\\.lang\\.(Class|ClassLoader|ClassValue|Module.*)"
            + "|java\\.lang\\.(reflect|invoke|runtime|foreign|classfile|instrument|management|constant)\\..*"
            + "|java\\.util\\.(ServiceLoader|ResourceBundle).*|java\\.(beans|rmi)\\..*"
            + "|java\\.net\\.URL.*|javax\\..*|sun\\..*|jdk\\..*|com\\.sun\\..*|io\\.netty\\.channel\\.Reflective.*");

    private static final Pattern STARTS_THREADS = Pattern.compile("java\\.lang\\.(Thread.*|VirtualThread|ScopedValue.*)"
            + "|java\\.util\\.(Timer.*|concurrent\\..*|stream\\..*)|io\\.netty\\.(channel|util\\.concurrent)\\..*");

    private static final Pattern BRINGS_MEMORY =
            Pattern.compile("io\\.netty\\.(buffer\\..*|channel\\..*RecvByteBufAllocator.*)");

    private static final Pattern OPENS_FILES = Pattern.compile(
            "java\\.io\\..*|java\\.nio\\.(file|channels)\\..*|java\\.util\\.(Scanner|Formatter|zip.*|jar.*)"
                    + "|io\\.netty\\.channel\\..*FileRegion");

    private static final Pattern OWNS_THE_PROCESS =
            Pattern.compile("java\\.lang\\.(System|Runtime.*|Process.*|Shutdown|StackWalker.*)");

    static Rules of(Challenge challenge) {
        Set<String> own = challenge.allowedFiles().stream()
                .map(file -> Path.of(file).getFileName().toString().replaceFirst("\\.java$", ""))
                .map(name -> challenge.subjectPackage() + "." + name)
                .collect(Collectors.toUnmodifiableSet());
        return new Rules(own, challenge.contract(), challenge.production());
    }

    /** Why a class of that name may not be part of a submission. */
    Optional<String> refuseOwn(String className) {
        return isOwn(className)
                ? Optional.empty()
                : Optional.of(
                        "a submission brings no class beside " + String.join(", ", own) + "; put it inside that class");
    }

    /** Why a class of that name may not be named. */
    Optional<String> refuseType(String className) {
        if (isOwn(className) || isOrInside(className, contract) || Permitted.type(className)) {
            return Optional.empty();
        }
        if (isOrInside(className, production)) {
            return Optional.of("that is the class of the product that does this job; the challenge is to write it");
        }
        return Optional.of(className.startsWith("dev.perimeter.") ? ofTheProduct() : why(className));
    }

    /** Why that method or field of a class that may be named may not be used. */
    Optional<String> refuseMember(String owner, String member, String descriptor) {
        if (isOwn(owner) || isOrInside(owner, contract)) {
            return Optional.empty();
        }
        return Permitted.member(owner, member) ? Barred.why(owner, member, descriptor) : Optional.of(why(owner));
    }

    private String ofTheProduct() {
        return "of the product, a submission may use " + contract + " and nothing else";
    }

    private static String why(String className) {
        if (FINDS_CODE.matcher(className).matches()) {
            return "it finds or makes classes while the program runs; a submission uses the ones it names";
        }
        if (BRINGS_MEMORY.matcher(className).matches()) {
            return Barred.MEMORY;
        }
        if (STARTS_THREADS.matcher(className).matches()) {
            return Barred.THREADS;
        }
        if (OPENS_FILES.matcher(className).matches()) {
            return "it opens files or devices; a submission has its two connections only";
        }
        return OWNS_THE_PROCESS.matcher(className).matches()
                ? "it reaches for the process; a submission is a guest there"
                : "it is not on the list of what a submission may use; the lab's text has that list";
    }

    private boolean isOwn(String className) {
        return own.stream().anyMatch(outer -> isOrInside(className, outer));
    }

    private static boolean isOrInside(String className, String outer) {
        return className.equals(outer) || className.startsWith(outer + "$");
    }
}
