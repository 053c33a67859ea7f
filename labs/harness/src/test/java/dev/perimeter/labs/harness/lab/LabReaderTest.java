package dev.perimeter.labs.harness.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabReaderTest {

    private static final String GOOD = """
        schema: perimeter/lab/v1
        id: "42"
        title: A lab
        goal: To learn.
        minutes: {ritual: 10, challenge: 0}
        points: 5
        teaches: [S1]
        toggles: [lamp]
        scenario: dev.perimeter.labs.Lamp
        differs: {lamp: [light]}
        """;

    @TempDir
    Path labs;

    private Path lab;

    @BeforeEach
    void aLabWithAToggle() throws IOException {
        lab = Files.createDirectories(labs.resolve("42-the-lamp/toggles")).getParent();
        Files.writeString(lab.resolve("toggles/lamp.yaml"), """
            schema: perimeter/toggle/v1
            values:
              "off":
                - workload: {name: lamp, replicas: 0}
              "on":
                - workload: {name: lamp, sidecar: "on", env: {COLOUR: red}}
            """);
    }

    @Test
    void lab_wellWritten_isRead() throws IOException {
        write(GOOD);

        LabManifest read = LabReader.find(labs, "42").orElseThrow();

        assertThat(read.title()).isEqualTo("A lab");
        assertThat(read.toggle("lamp").orElseThrow().off()).isEqualTo("off");
        assertThat(read.toggle("lamp").orElseThrow().on()).isEqualTo("on");
        assertThat(read.challenge()).isEmpty();
    }

    @Test
    void field_nobodyKnows_isNamedWithItsLine() throws IOException {
        write(GOOD + "colour: red\n");

        assertThatThrownBy(() -> LabReader.read(lab))
                .isInstanceOf(BadLab.class)
                .hasMessageContaining("lab.yaml:11: colour: is not a field of this file");
    }

    @Test
    void severalMistakes_areAllTold() throws IOException {
        write(GOOD.replace("points: 5", "points: many")
                .replace("title: A lab\n", "")
                .replace("[light]", "[]"));

        assertThatThrownBy(() -> LabReader.read(lab))
                .hasMessageContaining("lab.yaml:5: points: \"many\" is not a whole number from 0 on")
                .hasMessageContaining("title: is missing")
                .hasMessageContaining("differs: does not say what differs when the toggle lamp is flipped");
    }

    @Test
    void text_thatIsNoYaml_isToldWithItsLine() throws IOException {
        write("schema: perimeter/lab/v1\nid: [\n");

        assertThatThrownBy(() -> LabReader.read(lab)).hasMessageContaining("is not YAML");
    }

    @Test
    void toggle_withAStepNobodyKnows_isToldWithItsLine() throws IOException {
        write(GOOD);
        Files.writeString(lab.resolve("toggles/lamp.yaml"), """
            schema: perimeter/toggle/v1
            values:
              "off":
                - explode: {name: lamp}
              "on": []
            """);

        assertThatThrownBy(() -> LabReader.read(lab)).hasMessageContaining("lamp.yaml:4");
    }

    private void write(String yaml) throws IOException {
        Files.writeString(lab.resolve("lab.yaml"), yaml);
    }
}
