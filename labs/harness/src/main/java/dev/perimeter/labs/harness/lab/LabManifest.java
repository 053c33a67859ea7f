package dev.perimeter.labs.harness.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One lab, as its {@code lab.yaml} describes it.
 *
 * @param folder where it stands
 * @param id two digits, as in the name of the folder
 * @param ritual minutes from observe to explain, an estimate
 * @param effort minutes for the challenge, an estimate; 0 when there is none
 * @param points what the whole lab earns
 * @param teaches statements of {@code labs/statements.yaml}
 * @param scenario the class (in the lab's test sources) that looks at the mesh and says what it saw
 * @param differs for each toggle the fields of that observation which must not be the same with it off and on
 * @param needs processes the lab adds to the mesh
 */
public record LabManifest(
        Path folder,
        String id,
        String title,
        String goal,
        int ritual,
        int effort,
        int points,
        List<String> teaches,
        List<Toggle> toggles,
        String scenario,
        Map<String, List<String>> differs,
        List<String> needs,
        Optional<Challenge> challenge) {

    /** The toggle of that name. */
    public Optional<Toggle> toggle(String name) {
        return toggles.stream().filter(toggle -> toggle.name().equals(name)).findFirst();
    }

    /** Where the sources of the public suite are. */
    public Path suite() {
        return folder.resolve("src/test/java");
    }

    /** What only an instructor's edition has. */
    public Path instructor() {
        return folder.resolve("instructor");
    }
}
