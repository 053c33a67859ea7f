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
import org.junit.jupiter.params.provider.ValueSource;

class ClassInspectorTest {

    private static final Challenge CHALLENGE = new Challenge(
            List.of("Mine.java"),
            "learner.Mine",
            "java.util.concurrent.Flow$Subscription",
            "java.util.zip.CRC32",
            "learner.Host",
            List.of(),
            32);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Runnable r = () -> System.out.println(\"hello \" + 1); r.run();",
                "throw new RuntimeException(\"no\", new IllegalStateException());",
                "try { run(); } catch (RuntimeException | StackOverflowError e) { System.err.println(e); }",
                "try { run(); } catch (Exception e) { throw new Error(e); }",
                "try { throw new java.io.IOException(); } catch (java.io.IOException e) { }",
                "var q = new java.util.ArrayDeque<String>(); q.add(\"a\"); q.forEach(System.out::println);",
                "new java.util.concurrent.atomic.AtomicLong().incrementAndGet();",
                "record P(int x, String y) {} System.out.println(new P(1, \"a\").equals(new P(2, \"b\")));",
                "enum E { A, B } switch (E.valueOf(\"A\")) { case A -> {} case B -> {} }",
                "Object o = 1; switch (o) { case Integer i when i > 2 -> {} case String s -> {} default -> {} }",
                "switch (String.valueOf(1)) { case \"a\" -> {} default -> {} }",
                "assert hashCode() > 0 : getClass().getSimpleName();",
                "int[][] a = new int[2][3]; int[] b = a[0].clone(); String[] s = {\"a\"}; s.clone();",
                "System.out.printf(\"%d%n\", System.nanoTime()); Thread.currentThread().interrupt();",
                "java.util.stream.Stream.of(1, 2).map(i -> i + 1).toList();",
                "new java.util.concurrent.ConcurrentHashMap<String, String>().forEach((a, b) -> {});",
                "class Par { void parallelStream() {} } new Par().parallelStream();",
                "class Two extends java.util.ArrayList<String> { int finalize(int x) { return x + size(); } }"
                        + " new Two().finalize(1);",
                "synchronized (this) { notifyAll(); }",
                "java.nio.ByteBuffer.allocate(4).putInt(1).flip(); java.time.Duration.ofMillis(3).toNanos();"
            })
    void honestCode_mayRun(String code) throws IOException {
        assertThat(refusals("learner", code)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new java.util.zip.CRC32()| java.util.zip.CRC32: that is the class of the product",
                "Class.forName(\"x\")| java.lang.Class.forName: it finds or makes classes",
                "getClass().getClassLoader()| java.lang.Class.getClassLoader: it finds",
                "java.beans.Beans.instantiate(null, \"x\")| java.beans.Beans: it finds or makes classes",
                "java.lang.management.ManagementFactory.getPlatformMBeanServer().instantiate(\"x\")"
                        + "| java.lang.management.ManagementFactory: it finds",
                "java.lang.invoke.MethodHandles.lookup()| java.lang.invoke.MethodHandles: it finds",
                "java.util.ServiceLoader.load(Runnable.class)| java.util.ServiceLoader: it finds",
                "new java.io.ObjectInputStream(null).readObject()| java.io.ObjectInputStream: it opens",
                "java.lang.reflect.Array.newInstance(int.class, 1)| java.lang.reflect.Array: it finds",
                "new java.io.FileOutputStream(java.io.FileDescriptor.err)| java.io.FileOutputStream: it opens files",
                "new java.io.PrintStream(\"x\")| new java.io.PrintStream: it opens files",
                "new java.util.Formatter(\"x\")| java.util.Formatter: it opens files",
                "java.nio.file.Files.readString(java.nio.file.Path.of(\"x\"))| java.nio.file.Files: it opens files",
                "new Thread(this::run).start()| new java.lang.Thread: it may bring threads",
                "Thread.ofVirtual().start(this::run)| java.lang.Thread.ofVirtual: it may bring threads",
                "java.util.concurrent.Executors.newCachedThreadPool()| java.util.concurrent.Executors: it may bring",
                "java.util.List.of(1).parallelStream()| java.util.List.parallelStream: it may bring threads",
                "new java.util.ArrayList<String>() {}.parallelStream()| java.util.ArrayList.parallelStream: it may",
                "new java.util.HashSet<String>() { void all() {} }.parallelStream()| java.util.HashSet.parallelStream:"
                        + " it",
                "java.util.stream.StreamSupport.stream(null, true)| java.util.stream.StreamSupport: it may bring"
                        + " threads",
                "java.util.stream.Gatherers.mapConcurrent(2, x -> x)| java.util.stream.Gatherers.mapConcurrent: it may",
                "new java.util.concurrent.ConcurrentHashMap<String, String>().forEachKey(1, x -> {})"
                        + "| java.util.concurrent.ConcurrentHashMap.forEachKey: it may bring threads",
                "new java.util.concurrent.ConcurrentHashMap<String, String>() {}.search(1, (a, b) -> a)"
                        + "| java.util.concurrent.ConcurrentHashMap.search: it may bring threads",
                "new java.net.Socket(\"localhost\", 1)| java.net.Socket: it is not on the list",
                "System.exit(0)| java.lang.System.exit: it reaches for the process",
                "System.setProperty(\"a\", \"b\")| java.lang.System.setProperty: it reaches for the process",
                "new ProcessBuilder(\"true\").start()| java.lang.ProcessBuilder: it reaches for the process",
                "Runtime.getRuntime().halt(0)| java.lang.Runtime: it reaches for the process"
            })
    void submission_thatReachesOut_isRefusedByNameAndLine(String code, String named) throws IOException {
        assertThat(refusals("learner", "Object o = null; try {\n" + code + "; } catch (Exception e) { o = e; }"))
                .anySatisfy(finding -> assertThat(finding).startsWith("refused: Mine.java:2: run uses " + named));
    }

    /** The virtual machine would call it, on a thread that is not the event loop's. */
    @Test
    void ownFinalizer_isRefused() throws IOException {
        assertThat(refusals("learner", "new Object() { @Override protected void finalize() { run(); } };"))
                .singleElement()
                .asString()
                .contains("finalize uses java.lang.Object.finalize: it may bring threads");
    }

    @Test
    void methodReference_isSeenLikeACall() throws IOException {
        assertThat(refusals("learner", "java.util.function.Function<String, Object> f = System::getProperty;"))
                .anyMatch(finding -> finding.contains("java.lang.System.getProperty"));
    }

    @Test
    void subclassOfTheProductsClass_isRefused() throws IOException {
        Path source = folder.resolve("Mine.java");
        Files.writeString(source, "package learner; public class Mine extends java.util.zip.CRC32 {}");

        assertThat(compiled(source)).anyMatch(finding -> finding.contains("java.util.zip.CRC32"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"class Host {}", "interface Watch {}", "class MineToo {}"})
    void secondTopLevelClass_isRefused(String second) throws IOException {
        Path source = folder.resolve("Mine.java");
        Files.writeString(source, "package learner; public class Mine { static class In {} } " + second);

        assertThat(compiled(source))
                .singleElement()
                .asString()
                .contains("a submission brings no class beside learner.Mine; put it inside that class");
    }

    @ParameterizedTest
    @CsvSource({"io.netty.mine", "org.junit.mine", "dev.perimeter.proxy.tcp"})
    void classInAnotherPackage_isRefused(String reserved) throws IOException {
        assertThat(refusals(reserved, "")).anyMatch(finding -> finding.contains("no class beside learner.Mine"));
    }

    @Test
    void classThatCannotBeMade_isToldInASentence() throws IOException {
        assertThat(unusable("package other; public class Mine {}")).contains("holds no class learner.Mine");
        assertThat(unusable("package learner; public class Mine {}")).contains("does not implement java.util");
        assertThat(unusable("package learner; public abstract class Mine implements"
                        + " java.util.concurrent.Flow.Subscription {}"))
                .contains("is not abstract");
        assertThat(unusable("package learner; public class Mine implements java.util.concurrent.Flow.Subscription {"
                        + " Mine(int x) {} public void request(long n) {} public void cancel() {} }"))
                .contains("a constructor without parameters");
    }

    private String unusable(String text) throws IOException {
        Path source = folder.resolve("Mine.java");
        Files.writeString(source, text);
        Path classes = Files.createTempDirectory(folder, "classes");
        assertThat(SubmissionCompiler.compile(List.of(source), List.of(), classes))
                .isEmpty();
        return ClassInspector.unusable(classes, CHALLENGE).orElse("");
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
