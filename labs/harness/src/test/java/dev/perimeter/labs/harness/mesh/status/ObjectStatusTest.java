package dev.perimeter.labs.harness.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.resource.ResourceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStatusTest {
    @TempDir
    private Path folder;

    @Test
    void withoutAControlPlane_badFilesAreNamedNevertheless_untilTheyAreGone() throws IOException {
        ResourceStore resources = new ResourceStore(folder);
        Path bad = folder.resolve("shop/HTTPRoute/orders.yaml");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "kind: [");

        ObjectStatus status = ObjectStatus.of(Optional.empty(), resources);

        assertThat(status.answered()).isFalse();
        assertThat(status.problems())
                .singleElement()
                .asString()
                .startsWith(bad + ":")
                .contains("This is not YAML");

        Files.delete(bad);
        assertThat(ObjectStatus.of(Optional.empty(), resources).problems()).isEmpty();
    }
}
