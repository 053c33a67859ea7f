package dev.perimeter.labs.harness.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.resource.Seed;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the toggles stand, read from the resources of a mesh that does not run. */
class SettingsTest {

    private final Checkout checkout = Checkout.find();
    private final LabManifest lab =
            LabReader.find(checkout.root().resolve("labs"), "10").orElseThrow();

    @TempDir
    Path folder;

    private Mesh mesh;

    @BeforeEach
    void plant() {
        LabHome home = new LabHome(folder);
        home.prepare();
        mesh = Mesh.open(checkout, home);
        new Seed(mesh.resources(), folder.resolve("planted.json")).plant(checkout.manifests(), 8080);
    }

    @Test
    void newMesh_standsWhereANewMeshStands() {
        Settings settings = Settings.of(lab, mesh);

        assertThat(settings.text()).isEqualTo("sidecar=on transport=rest");
        assertThat(settings.away(lab)).isEmpty();
    }

    @Test
    void toggleFlipped_isToldWithTheWayBack() {
        Switch hand = Switch.of(lab, mesh);
        hand.set(lab.toggle("transport").orElseThrow(), "grpc");
        hand.set(lab.toggle("sidecar").orElseThrow(), "off");

        Settings settings = Settings.of(lab, mesh);

        assertThat(settings.text()).isEqualTo("sidecar=off transport=grpc");
        assertThat(settings.away(lab))
                .contains("transport is grpc, not rest as in a new mesh; scripts/lab toggle 10 transport=rest puts it"
                        + " back.");
    }

    @Test
    void meshThatWasNeverStarted_hasNoSettingsAndNothingAway() {
        Settings settings = Settings.of(lab, Mesh.open(checkout, new LabHome(folder.resolve("none"))));

        assertThat(settings.text()).isEmpty();
        assertThat(settings.away(lab)).isEmpty();
    }
}
