package dev.perimeter.controlplane.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    private static final ObjectKey ROUTE = new ObjectKey("HTTPRoute", "shop", "orders");

    private final List<MeshConfig> worlds = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Path file;
    private FileSource source;
    private volatile boolean fault;

    @BeforeEach
    void follow() throws IOException {
        file = ResourceFolder.fileOf(folder, ROUTE);
        write(file, Resources.ROUTE);
        source = FileSource.follow(new FolderReader(folder, LastGood.NOTHING), this::hear);
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @Test
    void folder_followed_isReadBeforeFollowReturns() {
        assertThat(worlds)
                .singleElement()
                .satisfies(world -> assertThat(world.find(ROUTE)).isPresent());
    }

    @Test
    void changedFile_becomesANewWorld() throws IOException {
        write(file, Resources.ROUTE.replace("8080", "9999"));

        await().untilAsserted(() -> assertThat(port()).isEqualTo(9999));
    }

    @Test
    void fileTurnedBad_isAProblemAndTheLastGoodFormStays_untilItIsGoodAgain() throws IOException {
        write(file, Resources.ROUTE.replace("8080", "nonsense"));

        await().untilAsserted(() -> assertThat(latest().problems())
                .singleElement()
                .extracting(Problem::field, Problem::line, Problem::file)
                .containsExactly("spec.rules[0].backendRefs[0].port", 13, file.toString()));
        assertThat(port()).isEqualTo(8080);

        write(file, Resources.ROUTE.replace("8080", "9999"));

        await().untilAsserted(() -> {
            assertThat(latest().problems()).isEmpty();
            assertThat(port()).isEqualTo(9999);
        });
    }

    @Test
    void fileTurnedToGarbage_keepsItsObjects() throws IOException {
        write(file, "]]]");

        await().untilAsserted(() -> assertThat(latest().problems()).hasSize(1));
        assertThat(port()).isEqualTo(8080);
    }

    @Test
    void badFile_doesNotHoldBackAnother() throws IOException {
        write(file, "kind: [");
        write(ResourceFolder.fileOf(folder, new ObjectKey("Service", "shop", "payment")), Resources.SERVICE);

        await().untilAsserted(() -> {
            assertThat(latest().problems()).hasSize(1);
            assertThat(latest().service("shop", "payment")).isPresent();
        });
    }

    @Test
    void deletedFile_removesTheObject() throws IOException {
        Files.delete(file);

        await().untilAsserted(() -> assertThat(latest().find(ROUTE)).isEmpty());
    }

    @Test
    void fileMovedIntoPlaceInANewFolder_isRead() throws IOException {
        Path written = folder.resolve(".payment.yaml.tmp");
        Files.writeString(written, Resources.SERVICE);
        Path place = folder.resolve("shop/Service/payment.yaml");
        Files.createDirectories(place.getParent());
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);

        await().untilAsserted(
                        () -> assertThat(latest().service("shop", "payment")).isPresent());
    }

    @Test
    void editorsOwnFiles_areNotRead() throws IOException {
        for (String name : List.of(".orders.yaml.swp", "orders.yaml~", "#orders.yaml#", ".#orders.yaml", "4913")) {
            write(file.resolveSibling(name), "]]]");
        }
        write(ResourceFolder.fileOf(folder, new ObjectKey("Service", "shop", "payment")), Resources.SERVICE);

        await().untilAsserted(
                        () -> assertThat(latest().service("shop", "payment")).isPresent());
        assertThat(latest().problems()).isEmpty();
    }

    @Test
    void objectInTwoFiles_theFirstCountsAndTheOtherIsAProblem() throws IOException {
        write(folder.resolve("zz-copy.yaml"), Resources.ROUTE.replace("8080", "9999"));

        await().untilAsserted(() -> assertThat(latest().problems())
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("is already in", "which counts"));
        assertThat(port()).isEqualTo(8080);
    }

    @Test
    void savesInQuickSuccession_endWithTheLast() throws IOException {
        for (int port = 1001; port <= 1200; port++) {
            write(file, Resources.ROUTE.replace("8080", String.valueOf(port)));
        }

        await().untilAsserted(() -> assertThat(port()).isEqualTo(1200));
    }

    @Test
    void fileNobodyCanRead_isAProblem_andTheOthersAreFollowedAsBefore() throws IOException {
        write(folder.resolve("shop/HTTPRoute/deep.yaml"), "[".repeat(100_000));

        await().untilAsserted(() -> assertThat(latest().problems())
                .singleElement()
                .asString()
                .contains("deep.yaml:1: ", "nested more than 64 levels deep"));
        write(file, Resources.ROUTE.replace("8080", "9999"));
        await().untilAsserted(() -> assertThat(port()).isEqualTo(9999));

        Files.delete(folder.resolve("shop/HTTPRoute/deep.yaml"));
        await().untilAsserted(() -> assertThat(latest().problems()).isEmpty());
        assertThat(source.trouble()).isNull();
    }

    @Test
    void faultWhileTakingAWorld_isTold_andTheWorldIsOfferedAgain() throws IOException {
        fault = true;
        write(file, Resources.ROUTE.replace("8080", "9999"));
        await().untilAsserted(
                        () -> assertThat(source.trouble()).contains("StackOverflowError", "" + folder, "followed"));

        fault = false;

        await().untilAsserted(() -> assertThat(port()).isEqualTo(9999));
        await().untilAsserted(() -> assertThat(source.trouble()).isNull());
    }

    @Test
    void sourceThatEnded_saysThatItNoLongerFollows() {
        source.close();

        assertThat(source.trouble()).contains("no longer followed");
    }

    private void hear(MeshConfig world) {
        if (fault) {
            throw new StackOverflowError();
        }
        worlds.add(world);
    }

    private MeshConfig latest() {
        return worlds.getLast();
    }

    private int port() {
        HttpRoute route = (HttpRoute) latest().find(ROUTE).orElseThrow();
        return route.rules().getFirst().backends().getFirst().port();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
