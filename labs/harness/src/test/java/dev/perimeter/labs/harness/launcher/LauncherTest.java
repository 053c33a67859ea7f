package dev.perimeter.labs.harness.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.perimeter.labs.harness.site.Checkout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/lab} in a clone that is not built, on machines that lack something: a PATH that holds nothing but what
 * the launcher may use, and stand-ins for Maven and Java.
 */
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "sh",
            "awk",
            "basename",
            "cat",
            "cmp",
            "dirname",
            "find",
            "grep",
            "head",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "tee",
            "touch",
            "tr",
            "ls");
    private static final List<String> MODULES =
            List.of("control-plane/contract", "control-plane/model", "control-plane/sources", "labs/harness");

    @TempDir
    private Path folder;

    private Path clone;
    private Path path;
    private Path home;

    @BeforeEach
    void aCloneAndAMachine() throws IOException {
        clone = folder.resolve("clone");
        path = Files.createDirectories(folder.resolve("bin"));
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(clone.resolve("scripts"));
        Files.copy(Checkout.find().root().resolve("scripts/lab"), clone.resolve("scripts/lab"));
        for (String tool : TOOLS) {
            program(path.resolve(tool), "exec %s \"$@\"".formatted(which(tool)));
        }
        Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        program(clone.resolve("scripts/java-home.sh"), "echo " + jdk);
        program(jdk.resolve("bin/java"), "echo \"java $*\"");
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        for (String module : MODULES) {
            Files.createDirectories(clone.resolve(module).resolve("src/main/java"));
            Files.writeString(clone.resolve(module).resolve("pom.xml"), "<project/>");
        }
    }

    @Test
    void jdkMissing_saysThatSentenceAndNothingElse() throws Exception {
        program(clone.resolve("scripts/java-home.sh"), "echo 'No JDK 25 was found: install one.' >&2; exit 1");

        Outcome outcome = lab("up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).containsExactly("No JDK 25 was found: install one.");
    }

    @Test
    void mavenMissing_saysOneSentenceWithTheFix() throws Exception {
        Outcome outcome = lab("status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .singleElement()
                .asString()
                .contains("was not found: install it", "apt-get install maven");
    }

    @Test
    void mavenTooOld_saysOneSentenceWithTheFix() throws Exception {
        maven("3.6.3", "exit 9");

        Outcome outcome = lab("status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .containsExactly("lab: Maven 3.6.3 is too old: install Maven 3.8.7 or later and run this again.");
    }

    @Test
    void notBuilt_saysWhatItFetchesAndShowsModules_thenRuns() throws Exception {
        maven("3.9.11", "echo '[INFO] noise'; echo '[INFO] Building harness 0.1.0-SNAPSHOT  [2/2]'\n" + jars());

        Outcome outcome = lab("status");

        assertThat(outcome.lines())
                .anyMatch(line -> line.matches("Maven will first fetch about [0-9]+ MB .*"))
                .contains("  2 of 2: harness")
                .noneMatch(line -> line.contains("noise"))
                .last()
                .asString()
                .startsWith("java ")
                .endsWith("-jar " + clone.resolve("labs/harness/target/harness.jar") + " status");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void builtAndUnchanged_buildsNothing() throws Exception {
        maven("3.9.11", jars());
        lab("status");
        maven("3.9.11", "exit 9");

        assertThat(lab("status").lines()).singleElement().asString().startsWith("java ");
    }

    @Test
    void sourceSavedSince_buildsAgain() throws Exception {
        maven("3.9.11", jars());
        lab("status");
        Path source = clone.resolve("control-plane/model/src/main/java/A.java");
        Files.writeString(source, "class A {}");
        Files.setLastModifiedTime(
                source, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 2_000));

        assertThat(lab("status").lines())
                .first()
                .isEqualTo("Building what is to run and is not built: control-plane/model");
    }

    @Test
    void buildFails_saysMavensReasonAndWhereTheRestIs() throws Exception {
        maven("3.9.11", "echo '[ERROR] COMPILATION ERROR : A.java has no end'; exit 1");

        Outcome outcome = lab("status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .last()
                .asString()
                .contains("the build failed: COMPILATION ERROR : A.java has no end")
                .contains("labs/harness/target/build.log");
    }

    @Test
    void buildOfANeighbour_isWaitedForAndUsed() throws Exception {
        assumeThat(Path.of("/proc/self/cmdline")).as("needs /proc").exists();
        maven("3.9.11", "exit 9");
        Path target = Files.createDirectories(clone.resolve("labs/harness/target"));
        Process neighbour = new ProcessBuilder(
                        "sh", "-c", "read go; cd %s; %s rm %s/build.pid".formatted(clone, jars(), target), "mvn")
                .start();
        Files.writeString(target.resolve("build.pid"), neighbour.pid() + "\n");

        Process lab = start("status");
        BufferedReader lines = lab.inputReader();
        assertThat(lines.readLine())
                .isEqualTo("Another build is at work here (pid %d); waiting for its end.".formatted(neighbour.pid()));
        neighbour.getOutputStream().close();

        assertThat(lines.lines()).singleElement().asString().startsWith("java ");
        assertThat(lab.waitFor()).isZero();
    }

    @Test
    void buildEndedHalfWay_isMadeAfreshAndNothingOfItIsUsed() throws Exception {
        maven("3.9.11", jars());
        lab("status");
        Path target = clone.resolve("labs/harness/target");
        Path cut = target.resolve("harness.jar");
        Files.writeString(cut, "cut off in the mid");
        Files.writeString(target.resolve("build.pid"), "999999999\n");

        assertThat(lab("status").lines())
                .startsWith("The last build was ended half-way; building afresh.")
                .last()
                .asString()
                .startsWith("java ");
        assertThat(cut).hasContent("x");
        assertThat(lab("status").lines())
                .as("the next time")
                .singleElement()
                .asString()
                .startsWith("java ");
    }

    @Test
    void cloneCannotBeWritten_saysOneSentenceWithTheFix() throws Exception {
        maven("3.9.11", "exit 9");
        // Root may write anywhere, but nobody can make a folder where a file is.
        Files.writeString(clone.resolve("labs/harness/target"), "");

        Outcome outcome = lab("status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .singleElement()
                .asString()
                .contains("cannot be written")
                .contains("make it writable");
    }

    @Test
    void scripts_passShellcheck() throws Exception {
        assumeThat(new ProcessBuilder("sh", "-c", "command -v shellcheck")
                        .start()
                        .waitFor())
                .as("needs shellcheck")
                .isZero();
        Path scripts = Checkout.find().root().resolve("scripts");

        Outcome outcome = run(new ProcessBuilder("shellcheck", scripts + "/lab", scripts + "/java-home.sh"));

        assertThat(outcome.lines()).isEmpty();
    }

    /** Lines of sh that leave jars where a build would. */
    private String jars() {
        StringBuilder lines = new StringBuilder("mkdir -p labs/harness/target/lib\n");
        for (String module : MODULES) {
            String jar = module.substring(module.indexOf('/') + 1);
            lines.append("mkdir -p %s/target && echo x >%s/target/%s.jar%n".formatted(module, module, jar));
        }
        return lines.toString();
    }

    private void maven(String version, String build) throws IOException {
        program(
                path.resolve("mvn"),
                "case $1 in --version) echo 'Apache Maven %s (x)'; exit;; esac%n%s".formatted(version, build));
    }

    private static void program(Path file, String lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path which(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(bin -> Path.of(bin, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private Outcome lab(String... words) throws IOException, InterruptedException {
        return outcome(start(words));
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(which("sh").toString(), clone.resolve("scripts/lab").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("HOME", home.toString());
        // Wherever it is called from, it builds its own clone.
        return builder.directory(folder.toFile()).redirectErrorStream(true).start();
    }

    private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
        return outcome(builder.redirectErrorStream(true).start());
    }

    private static Outcome outcome(Process process) throws InterruptedException {
        List<String> lines = process.inputReader().lines().toList();
        return new Outcome(process.waitFor(), lines);
    }

    private record Outcome(int status, List<String> lines) {}
}
