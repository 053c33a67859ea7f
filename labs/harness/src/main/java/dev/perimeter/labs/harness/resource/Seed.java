package dev.perimeter.labs.harness.resource;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.sources.Document;
import dev.perimeter.controlplane.sources.Reading;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.controlplane.sources.ResourceText;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the manifests of the clone into a mesh's resources. What a learner changed or deleted stays so: only an object
 * that is new, or that still is as it was brought, is written.
 */
public final class Seed {
    private final ResourceStore store;
    private final Path record;

    /** @param record the file that remembers what was brought, by digest */
    public Seed(ResourceStore store, Path record) {
        this.store = store;
        this.record = record;
    }

    /**
     * Brings every object of the folders.
     *
     * @param gatewayPort where the Gateways shall listen, on loopback
     * @throws Refused if a manifest is not valid or a file cannot be written
     */
    public void plant(List<Path> folders, int gatewayPort) {
        Map<String, @Nullable Object> planted = new LinkedHashMap<>(remembered());
        for (Path folder : folders) {
            for (Path file : manifests(folder)) {
                Reading reading = ResourceReader.readFile(file);
                if (!reading.accepted()) {
                    throw new Refused(reading.problems().getFirst().toString());
                }
                reading.documents().forEach(document -> plant(document, gatewayPort, planted));
            }
        }
        AtomicFile.write(record, Json.pretty(planted) + "\n");
    }

    private void plant(Document document, int gatewayPort, Map<String, @Nullable Object> planted) {
        ObjectKey key = Objects.requireNonNull(document.key());
        Tree.Mapping tree = Objects.requireNonNull(document.tree());
        boolean door = key.kind().equals("Gateway");
        String text = door
                ? YamlWriter.write(LocalGateway.of(tree, gatewayPort))
                : document.text().strip() + "\n";
        String now = found(key);
        @Nullable Object before = planted.get(key.toString());
        if (before == null ? now.isEmpty() : now.equals(before)) {
            store.write(key, text);
            planted.put(key.toString(), digest(text));
        } else if (door && store.read(key) instanceof ResourceText.Text(String changed)) {
            store.write(key, LocalGateway.at(changed, gatewayPort));
        } else if (before == null) {
            planted.put(key.toString(), "kept");
        }
    }

    /** The digest of the object as it lies there; empty if it does not. */
    private String found(ObjectKey key) {
        return switch (store.read(key)) {
            case ResourceText.Text(String text) -> digest(text);
            // Whatever it is, it is not what was brought.
            case ResourceText.Unreadable unreadable -> Files.exists(store.fileOf(key)) ? "unreadable" : "";
        };
    }

    private Map<String, @Nullable Object> remembered() {
        try {
            return Files.exists(record) ? Json.object(Files.readString(record)) : Map.of();
        } catch (IOException | IllegalArgumentException e) {
            return Map.of();
        }
    }

    private static List<Path> manifests(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Refused("%s cannot be read; is the clone whole? git status tells.".formatted(folder), e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
