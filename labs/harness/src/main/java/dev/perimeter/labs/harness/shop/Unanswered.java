package dev.perimeter.labs.harness.shop;

import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.resource.AtomicFile;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderLoad.Request;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The orders whose fate the client does not know: no answer, or none that settles it. Kept on the disk, with key and
 * body, since only the same key makes sending them again safe.
 */
public final class Unanswered {
    private final Path file;

    public Unanswered(LabHome home) {
        this.file = home.data().resolve("unanswered-orders.json");
    }

    /** Those that wait to be repeated, in the order they were first sent. */
    public List<Request> read() {
        try {
            return Files.exists(file)
                    ? Json.asObject(Json.object(Files.readString(file))).entrySet().stream()
                            .map(entry -> new Request(entry.getKey(), String.valueOf(entry.getValue())))
                            .toList()
                    : List.of();
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Adds those that got no 201, takes away those that did. */
    public void update(List<Outcome> outcomes) {
        Map<String, @Nullable Object> waiting = new LinkedHashMap<>();
        read().forEach(request -> waiting.put(request.key(), request.body()));
        boolean changed = false;
        for (Outcome outcome : outcomes) {
            boolean settled = outcome.reply().taken() || outcome.reply().refused();
            if (settled) {
                changed |= waiting.remove(outcome.request().key()) != null;
            } else {
                changed |=
                        waiting.put(outcome.request().key(), outcome.request().body()) == null;
            }
        }
        if (changed) {
            AtomicFile.write(file, Json.pretty(waiting) + "\n");
        }
    }
}
