package dev.perimeter.labs.harness.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedTest {
    private static final ObjectKey SHOP = new ObjectKey("Namespace", "", "shop");
    private static final ObjectKey GATEWAY = new ObjectKey("Gateway", "shop", "gateway");
    private static final String NAMESPACE = """
        # where it lives
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
        """;

    @TempDir
    private Path folder;

    private Path manifests;
    private ResourceStore store;
    private Seed seed;

    @BeforeEach
    void manifests() throws IOException {
        manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(manifests.resolve("namespace.yaml"), NAMESPACE);
        Files.writeString(manifests.resolve("gateway.yaml"), """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata:
              name: gateway
              namespace: shop
            spec:
              gatewayClassName: perimeter
              listeners:
                - name: http
                  port: 80
                  protocol: HTTP
            """);
        store = new ResourceStore(folder.resolve("resources"));
        seed = new Seed(store, folder.resolve("seed.json"));
    }

    @Test
    void plant_fromNothing_bringsTextsAsWrittenAndTheDoorOnLoopback() {
        seed.plant(List.of(manifests), 8081);

        assertThat(store.text(SHOP)).contains(NAMESPACE);
        assertThat(store.text(GATEWAY).orElseThrow()).contains("port: 8081", "value: 127.0.0.1");
    }

    @Test
    void plant_again_keepsWhatWasChangedAndWhatWasDeleted() {
        seed.plant(List.of(manifests), 8080);
        store.write(SHOP, NAMESPACE + "  labels:\n    mine: \"yes\"\n");
        store.delete(GATEWAY);

        seed.plant(List.of(manifests), 8080);

        assertThat(store.text(SHOP).orElseThrow()).contains("mine");
        assertThat(store.text(GATEWAY)).isEmpty();
    }

    @Test
    void plant_againWithNewManifest_followsItWhereNobodyChangedAnything() throws IOException {
        seed.plant(List.of(manifests), 8080);
        Files.writeString(manifests.resolve("namespace.yaml"), NAMESPACE.replace("where", "here"));

        seed.plant(List.of(manifests), 8080);

        assertThat(store.text(SHOP).orElseThrow()).contains("# here it lives");
    }

    @Test
    void plant_fileThatNobodyCanRead_leavesItAndGoesOn() throws IOException {
        seed.plant(List.of(manifests), 8080);
        Files.write(store.fileOf(GATEWAY), new byte[] {(byte) 0xff});
        Files.writeString(store.fileOf(SHOP), "#".repeat(2 << 20));

        seed.plant(List.of(manifests), 8080);

        assertThat(store.fileOf(GATEWAY)).hasBinaryContent(new byte[] {(byte) 0xff});
        assertThat(store.fileOf(SHOP)).hasSize(2 << 20);
    }

    @Test
    void plant_otherPort_movesEvenAChangedDoor() {
        seed.plant(List.of(manifests), 8080);
        String changed = store.text(GATEWAY).orElseThrow().replace("name: http", "name: front");
        store.write(GATEWAY, changed);

        seed.plant(List.of(manifests), 9000);

        assertThat(store.text(GATEWAY).orElseThrow()).contains("port: 9000", "name: front");
    }
}
