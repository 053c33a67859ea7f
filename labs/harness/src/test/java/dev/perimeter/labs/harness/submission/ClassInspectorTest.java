package dev.perimeter.labs.harness.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.lab.Challenge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassInspectorTest {

    private static final Challenge CHALLENGE = new Challenge(
            List.of("Mine.java"), "learner.Mine", "java.lang.Runnable", "java.util.zip.CRC32", "learner.Host", 32);

    @TempDir
    Path folder;

    @Test
    void ordinaryClass_withLambdasAndTexts_mayRun() throws IOException {
        assertThat(refusals("learner", "Runnable r = () -> System.out.println(\"hello \" + 1); r.run();"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new java.util.zip.CRC32()| java.util.zip.CRC32",
                "Class.forName(\"x\")| java.lang.Class.forName",
                "o = \"java.util.zip.CRC32\"| the text \"java.util.zip.CRC32\"",
                "java.lang.invoke.MethodHandles.lookup()| java.lang.invoke.MethodHandles.lookup",
                "java.util.ServiceLoader.load(Runnable.class)| java.util.ServiceLoader",
                "new ProcessBuilder(\"true\").start()| java.lang.ProcessBuilder",
                "ClassLoader.getSystemClassLoader()| java.lang.ClassLoader",
                "Runtime.getRuntime().halt(0)| java.lang.Runtime"
            })
    void submission_thatReachesOut_isRefusedByName(String code, String named) throws IOException {
        assertThat(refusals("learner", "Object o = null; try { " + code + "; } catch (Exception e) { o = e; }"))
                .anySatisfy(finding -> assertThat(finding).startsWith("refused: learner.Mine uses " + named));
    }

    @Test
    void subclassOfTheProductsClass_isRefused() throws IOException {
        Path source = folder.resolve("Mine.java");
        Files.writeString(source, "package learner; public class Mine extends java.util.zip.CRC32 {}");

        assertThat(compiled(source)).anyMatch(finding -> finding.contains("java.util.zip.CRC32"));
    }

    @ParameterizedTest
    @CsvSource({"io.netty.mine", "org.junit.mine", "dev.perimeter.proxy.tcp"})
    void classInAReservedPackage_isRefused(String reserved) throws IOException {
        assertThat(refusals(reserved, "")).anyMatch(finding -> finding.contains("is reserved; write into learner"));
    }

    private List<String> refusals(String inPackage, String code) throws IOException {
        Path source = folder.resolve("Mine.java");
        Files.writeString(
                source, "package " + inPackage + "; public class Mine { public void run() { " + code + " } }");
        return compiled(source);
    }

    private List<String> compiled(Path source) {
        Path classes = folder.resolve("classes");
        assertThat(SubmissionCompiler.compile(List.of(source), List.of(), classes))
                .isEmpty();
        return ClassInspector.refusals(classes, CHALLENGE);
    }
}
