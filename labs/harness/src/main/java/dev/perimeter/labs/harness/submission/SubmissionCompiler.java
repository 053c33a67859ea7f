package dev.perimeter.labs.harness.submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The JDK's own compiler, inside this process and without a build tool: a second from save to class file. Warnings are
 * not told here; a learner's class is judged by what it does.
 */
public final class SubmissionCompiler {

    private SubmissionCompiler() {}

    /**
     * Compiles sources into a folder.
     *
     * @param sources files to compile; only these, nothing is picked up from a source path
     * @param classPath jars and folders of classes the sources may see
     * @return one message an error ({@code file:line: what}); empty when all went well
     */
    public static List<String> compile(List<Path> sources, List<Path> classPath, Path into) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return List.of("this Java has no compiler; a JDK is needed, not a run-time only");
        }
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            Files.createDirectories(into);
            String path =
                    classPath.stream().map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator));
            List<String> options = List.of(
                    "-d",
                    into.toString(),
                    "-cp",
                    path,
                    "-proc:none",
                    "-implicit:none",
                    "-parameters",
                    "-g",
                    "-sourcepath",
                    into.toString(),
                    "-XDuseUnsharedTable=true");
            compiler.getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(SubmissionCompiler::message)
                .toList();
    }

    private static String message(Diagnostic<? extends JavaFileObject> error) {
        String what =
                error.getMessage(Locale.ROOT).replaceAll(";?\\s*\\R\\s*", "; ").replaceAll(" {2,}", " ");
        JavaFileObject source = error.getSource();
        return source == null
                ? what
                : Path.of(source.getName()).getFileName() + ":" + error.getLineNumber() + ": " + what;
    }
}
