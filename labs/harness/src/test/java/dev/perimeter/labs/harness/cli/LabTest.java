package dev.perimeter.labs.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LabTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine lab =
            Lab.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(strings = {"dance", "up --port eight", "order --count", "delete httproute", "url", "status --jsn"})
    void misuse_isOneSentenceThatSaysWhereTheHelpIs(String words) {
        int status = lab.execute(words.split(" "));

        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("lab: ")
                .endsWith("--help tells how it is used.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void mistypedCommand_namesTheOneThatWasMeant() {
        lab.execute("statsu");

        assertThat(err.toString())
                .isEqualTo("lab: there is no command \"statsu\" (did you mean status?);"
                        + " scripts/lab --help tells how it is used.\n");
    }

    @Test
    void mistypedKind_namesTheKindsThereAre() {
        assertThat(lab.execute("get", "foo")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString())
                .startsWith("lab: There is no kind \"foo\"; there are: Namespace, Service,")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "80", "65536"})
    void portThatNobodyMayListenOn_isRefusedBeforeAnythingStarts(String port) {
        assertThat(lab.execute("up", "--port", port)).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString())
                .startsWith("lab: Port " + port + " is no port for the gateway; choose one from 1024");
    }

    @Test
    void refusal_isOneSentence_withDebugItHasATrace() {
        assertThat(lab.execute("up", "--with", "oracle")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines())
                .containsExactly("lab: There is no database \"oracle\" here; write --with postgres, or --with h2.");

        lab.execute("up", "--with", "oracle", "--debug");
        assertThat(err.toString()).contains("at dev.perimeter.labs.harness.cli.mesh.UpCommand");
    }

    @Test
    void help_listsEveryCommand() {
        lab.execute("--help");

        assertThat(lab.getSubcommands().keySet())
                .allSatisfy(name -> assertThat(out.toString()).contains("  " + name));
    }
}
