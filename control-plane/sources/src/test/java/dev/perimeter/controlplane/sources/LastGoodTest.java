package dev.perimeter.controlplane.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that starts anew goes on with what was in force when the last one ended. */
class LastGoodTest {
    private static final ObjectKey ROUTE = new ObjectKey("HTTPRoute", "shop", "orders");
    private static final ObjectKey SERVICE = new ObjectKey("Service", "shop", "payment");

    @TempDir
    private Path top;

    private Path folder;
    private Path file;
    private FolderReader reader;

    @BeforeEach
    void aRouteThatWasAccepted() throws IOException {
        folder = Files.createDirectories(top.resolve("resources"));
        file = ResourceFolder.fileOf(folder, ROUTE);
        Files.createDirectories(file.getParent());
        Files.writeString(file, Resources.ROUTE);
        restart();
        reader.read();
    }

    @Test
    void fileTurnedBad_thenARestart_theRouteStaysAndTheProblemNamesTheFile() throws IOException {
        Files.writeString(file, Resources.ROUTE.replace("8080", "nonsense"));
        reader.read();

        restart();

        MeshConfig world = reader.read();
        HttpRoute route = (HttpRoute) world.find(ROUTE).orElseThrow();
        assertThat(route.rules().getFirst().backends().getFirst().port()).isEqualTo(8080);
        assertThat(route.meta().file()).isEqualTo(file.toString());
        assertThat(world.problems())
                .singleElement()
                .extracting(Problem::file, Problem::line)
                .containsExactly(file.toString(), 13);
    }

    @Test
    void fileTurnedToGarbageWhileNobodyRead_theRouteStaysThroughEveryRestart() throws IOException {
        Files.writeString(file, "]]]");

        for (int restarts = 0; restarts < 3; restarts++) {
            restart();
            assertThat(reader.read().find(ROUTE)).isPresent();
        }
    }

    @Test
    void oneOfTwoDocumentsTurnedBad_thenARestart_theOtherIsTheNewOne() throws IOException {
        Files.writeString(file, Resources.ROUTE + "---\n" + Resources.SERVICE);
        reader.read();
        Files.writeString(
                file, Resources.ROUTE.replace("8080", "0") + "---\n" + Resources.SERVICE.replace("grpc", "rpc"));
        reader.read();

        restart();

        MeshConfig world = reader.read();
        assertThat(world.find(ROUTE)).isPresent();
        assertThat(world.service("shop", "payment").orElseThrow().ports().get(1).name())
                .isEqualTo("rpc");
    }

    @Test
    void fileDeleted_isForgottenForGood() throws IOException {
        Files.delete(file);
        reader.read();
        Files.writeString(file, "]]]");

        restart();

        assertThat(reader.read().find(ROUTE)).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void fileDeletedWhileNobodyRead_isForgottenToo() throws IOException {
        Files.delete(file);

        restart();

        assertThat(reader.read().objects()).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void fileBadFromTheFirst_hasNothingToFallBackTo() throws IOException {
        Path bad = ResourceFolder.fileOf(folder, SERVICE);
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, Resources.SERVICE.replace("8080", "0"));

        MeshConfig world = reader.read();

        assertThat(world.find(SERVICE)).isEmpty();
        assertThat(world.problems()).hasSize(1);
        assertThat(kept()).containsExactly("shop/HTTPRoute/orders.yaml");
    }

    @Test
    void writeThatAKillCutShort_leavesWhatWasThereBefore() throws IOException {
        Path half = top.resolve("last-good/shop/HTTPRoute/.orders.yaml.new");
        Files.writeString(half, "apiVersion: gatew");
        Files.writeString(file, "]]]");

        restart();

        assertThat(reader.read().find(ROUTE)).isPresent();
        assertThat(kept()).containsExactly("shop/HTTPRoute/orders.yaml");
    }

    @Test
    void objectWithdrawnByABadSave_doesNotComeBackWithARestart() throws IOException {
        Files.writeString(
                file, Resources.ROUTE.replace("name: orders", "name: others").replace("8080", "nonsense"));
        assertThat(reader.read().find(ROUTE)).isEmpty();
        Files.writeString(file, "]]]");
        reader.read();

        restart();

        assertThat(reader.read().find(ROUTE)).isEmpty();
    }

    @Test
    void objectMovedToAnotherFile_countsBeforeWhatTheOldOneOnlyHeld() throws IOException {
        Files.writeString(file, "]]]");
        Path other = file.resolveSibling("moved.yaml");
        Files.writeString(other, Resources.ROUTE.replace("8080", "8081"));

        restart();

        MeshConfig world = reader.read();
        HttpRoute route = (HttpRoute) world.find(ROUTE).orElseThrow();
        assertThat(route.rules().getFirst().backends().getFirst().port()).isEqualTo(8081);
        assertThat(world.problems()).singleElement().extracting(Problem::file).isEqualTo(file.toString());
    }

    @Test
    void strangersInTheFolderOfTheMemory_areLeftAlone() throws IOException {
        Path stranger = Files.writeString(
                Files.createDirectories(top.resolve("last-good/thesis")).resolve("chapter-1.txt"), "");

        Files.delete(file);
        reader.read();

        assertThat(stranger).exists();
    }

    @Test
    void memoryThatCannotBeWritten_costsOnlyTheMemory() throws IOException {
        Path nowhere = Files.createFile(top.resolve("a-file"));

        MeshConfig world = new FolderReader(folder, LastGood.in(nowhere)).read();

        assertThat(world.find(ROUTE)).isPresent();
    }

    private void restart() {
        reader = new FolderReader(folder, LastGood.in(top.resolve("last-good")));
    }

    private Stream<String> kept() throws IOException {
        Path store = top.resolve("last-good");
        try (Stream<Path> all = Files.walk(store)) {
            return all.filter(Files::isRegularFile).map(store::relativize).map(Objects::toString).toList().stream();
        }
    }
}
