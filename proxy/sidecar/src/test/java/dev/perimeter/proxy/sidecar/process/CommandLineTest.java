package dev.perimeter.proxy.sidecar.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says about itself, and about what cannot start: a sentence, an exit code and no stack trace. */
class CommandLineTest {

    private record Case(int exitCode, String said, String... arguments) {}

    @Test
    void whatCannotStart_saysWhyInOneSentence(@TempDir Path folder) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String missing = folder.resolve("missing.yaml").toString();
            String noYaml = file(folder, "no.yaml", "node: {id: x\nadmin: ]");
            String badField = file(
                    folder,
                    "field.yaml",
                    Bootstraps.serving(0, 1, 2).replace("connect_timeout: 1s", "connect_timeout: soon"));
            String badListener = file(
                    folder,
                    "listener.yaml",
                    Bootstraps.serving(0, 1, 2)
                            .replace("route: {cluster: grpc, timeout: 0s}", "route: {cluster: grpc, timeout: -1s}"));
            String busy = file(folder, "busy.yaml", Bootstraps.admin(taken.getLocalPort()));
            String noPort = file(folder, "port.yaml", Bootstraps.serving(taken.getLocalPort(), 1, 2));
            List<Case> cases = List.of(
                    new Case(2, "--bootstrap: is missing\nusage: sidecar --bootstrap FILE [--last-good DIR]\n"),
                    new Case(2, "--port: is no option\nusage: sidecar ", "--port", "80"),
                    new Case(2, "--bootstrap: needs a value\nusage: sidecar ", "--bootstrap"),
                    new Case(1, "bootstrap " + missing + ": there is no such file\n", "--bootstrap", missing),
                    new Case(1, "bootstrap " + noYaml + ": line 2: ", "--bootstrap", noYaml),
                    new Case(
                            1,
                            "bootstrap " + badField + ", line 28: static_resources.clusters[0].connect_timeout: ",
                            "--bootstrap",
                            badField),
                    new Case(
                            1,
                            "bootstrap " + badListener + ", line 22: static_resources.listeners[0].",
                            "--bootstrap",
                            badListener),
                    new Case(1, "127.0.0.1:" + taken.getLocalPort(), "--bootstrap", busy),
                    new Case(
                            1,
                            "bootstrap " + noPort + ": listener 'http': cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort() + ": ",
                            "--bootstrap",
                            noPort));
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (Case each : cases) {
                    children.add(SidecarProcess.withArguments(each.arguments()));
                }
                for (int i = 0; i < cases.size(); i++) {
                    int exitCode = children.get(i).awaitEnd();
                    String said = children.get(i).errors();
                    assertThat(said).contains(cases.get(i).said()).doesNotContain("\tat ", "Exception");
                    assertThat(exitCode).as(said).isEqualTo(cases.get(i).exitCode());
                    assertThat(children.get(i).output()).isEmpty();
                }
            } finally {
                children.forEach(ChildJvm::close);
            }
        }
    }

    private static String file(Path folder, String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void help_isPrinted() throws Exception {
        try (ChildJvm child = SidecarProcess.withArguments("--help")) {
            assertThat(child.awaitEnd()).isZero();
            assertThat(child.output())
                    .startsWith("usage: sidecar --bootstrap FILE [--last-good DIR]\n")
                    .contains("--help", "SIGTERM");
            assertThat(child.errors()).isEmpty();
        }
    }

    @Test
    void listenerOfTheControlPlaneWhosePortIsTaken_isServedOnceThePortIsFree(@TempDir Path folder) throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Path listeners = folder.resolve("listeners.yaml");
        Files.writeString(listeners, Bootstraps.listeners(taken.getLocalPort()));
        try (SidecarProcess sidecar = SidecarProcess.start(folder, Bootstraps.following(listeners, 1, 2))) {
            String why = "listener 'http': cannot listen on /?127.0.0.1:" + taken.getLocalPort() + ": ";
            sidecar.jvm().awaitError(Pattern.compile("WARN.* " + why + "[^\n]+\n"));
            taken.close();
            sidecar.jvm().awaitError(Pattern.compile("configuration in effect: 1 listeners"));
            assertThat(sidecar.jvm().errors()).doesNotContain("\tat ");
        } finally {
            taken.close();
        }
    }
}
