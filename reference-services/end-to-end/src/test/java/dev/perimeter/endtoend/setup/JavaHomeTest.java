package dev.perimeter.endtoend.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where {@code scripts/java-home.sh} looks. The machine's own JDKs stay in sight, so each place under test is one that
 * is looked at before theirs, or the script is run with theirs taken out of its list.
 */
class JavaHomeTest {
    private static final Path SCRIPT = script();

    @TempDir
    private Path folder;

    private Path home;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void aMachine() throws IOException {
        home = Files.createDirectories(folder.resolve("home of somebody"));
        environment.put("HOME", home.toString());
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("MAC_JAVA_HOME", "/nonexistent");
    }

    @Test
    void toolchainsFile_namesJdk25AfterOthers_isFound() throws Exception {
        Path wanted = jdk("my jdk", "25.0.1");
        toolchains("""
            <toolchains>
              <!-- <toolchain><type>jdk</type><configuration><jdkHome>%s</jdkHome></configuration></toolchain> -->
              <toolchain>
                <type>netbeans</type>
                <configuration><installDir>%s</installDir></configuration>
              </toolchain>
              <toolchain>
                <type>jdk</type>
                <provides><version>21</version></provides>
                <configuration><jdkHome>%s</jdkHome></configuration>
              </toolchain>
              <toolchain>
                <type>jdk</type>
                <provides>
                  <version>25</version>
                  <vendor>anybody</vendor>
                </provides>
                <configuration>
                  <jdkHome>
                    %s
                  </jdkHome>
                </configuration>
              </toolchain>
            </toolchains>
            """.formatted(jdk("hidden", "25"), wanted, jdk("old", "21.0.2"), wanted));

        assertThat(run()).isEqualTo(new Result(0, List.of(wanted.toString())));
    }

    @Test
    void toolchainsFile_namesAVariable_isFoundThere() throws Exception {
        Path wanted = jdk("by-variable", "25");
        environment.put("MY_JDKS", folder.toString());
        toolchains("<toolchains><toolchain><type>jdk</type><configuration><jdkHome>${env.MY_JDKS}/by-variable"
                + "</jdkHome></configuration></toolchain></toolchains>");

        assertThat(run()).isEqualTo(new Result(0, List.of(wanted.toString())));
    }

    @Test
    void toolchainsFile_saysVersion25OfAnotherJdk_isNotBelieved() throws Exception {
        toolchains("<toolchains><toolchain><type>jdk</type><provides><version>25</version></provides><configuration>"
                + "<jdkHome>" + jdk("old", "21.0.2") + "</jdkHome></configuration></toolchain></toolchains>");

        assertNothingFound();
    }

    @Test
    void toolchainsFile_cutOffInTheMiddle_isPassedOver() throws Exception {
        toolchains("<toolchains><toolchain><type>jdk</type><configuration><jdkHome>/a</jdk <!-- no end");

        assertNothingFound();
    }

    @Test
    void macOs_knowsJdk25_isAskedForThatVersion() throws Exception {
        Path wanted = jdk("mac jdk", "25.0.1");
        macJavaHome("[ \"$*\" = '-v 25' ] && echo '" + wanted + "'");

        assertThat(run()).isEqualTo(new Result(0, List.of(wanted.toString())));
    }

    @Test
    void macOs_hasOnlyANewerJdk_isNotFound() throws Exception {
        macJavaHome("echo 'some warning' >&2; echo '" + jdk("newer", "26") + "'");

        assertNothingFound();
    }

    @Test
    void javaHome_isLookedAtFirst() throws Exception {
        Path wanted = jdk("first", "25");
        environment.put("JAVA_HOME", wanted.toString());
        toolchains("<toolchains><toolchain><type>jdk</type><configuration><jdkHome>" + jdk("second", "25")
                + "</jdkHome></configuration></toolchain></toolchains>");

        assertThat(run()).isEqualTo(new Result(0, List.of(wanted.toString())));
    }

    private void assertNothingFound() throws Exception {
        Result result = run();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).singleElement().asString().startsWith("No JDK 25 was found: install one");
    }

    private void toolchains(String text) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve(".m2")).resolve("toolchains.xml"), text);
    }

    private void macJavaHome(String line) throws IOException {
        Path tool = folder.resolve("java_home");
        Files.writeString(tool, "#!/bin/sh\n" + line + "\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        environment.put("MAC_JAVA_HOME", tool.toString());
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Path compiler = Files.createDirectories(jdk.resolve("bin")).resolve("javac");
        Files.writeString(compiler, "");
        assertThat(compiler.toFile().setExecutable(true)).isTrue();
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"us\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    /** Runs a copy that does not see the JDKs of this machine: neither those of the system nor the one on the path. */
    private Result run() throws IOException, InterruptedException {
        Path copy = folder.resolve("java-home.sh");
        Files.writeString(
                copy,
                Files.readString(SCRIPT)
                        .replaceAll("(?m)^( +)(/usr/lib/jvm|/Library/Java)", "$1" + folder + "/none$2")
                        .replace(" /usr/java/", " /none/")
                        .replace(" /usr/jdk/", " /none/")
                        .replace(" /opt/java/", " /none/")
                        .replace("\"$(on_path)\"", ""));
        ProcessBuilder builder = new ProcessBuilder("sh", copy.toString()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = process.inputReader().lines().toList();
        return new Result(process.waitFor(), lines);
    }

    private static Path script() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return root.resolve("scripts/java-home.sh");
    }

    private record Result(int status, List<String> lines) {}
}
