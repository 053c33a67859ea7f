package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All resources of one type: those of the bootstrap, and a shelf for each source. */
final class Shelves<T> {

    private final ResourceType type;
    private final Function<Any, Parsed<Resource<T>>> reader;
    private final Map<String, Resource<T>> fixed = new LinkedHashMap<>();
    private final Map<ResourceSource, Shelf<T>> bySource = new TreeMap<>();

    Shelves(ResourceType type, Function<Any, Parsed<Resource<T>>> reader) {
        this.type = type;
        this.reader = reader;
    }

    Parsed<Resource<T>> read(Any raw) {
        return reader.apply(raw);
    }

    /** Takes a resource of the bootstrap, which no other one replaces. @return why not, or null */
    @Nullable
    String fix(Any raw) {
        return switch (reader.apply(raw)) {
            case Parsed.Bad<Resource<T>> bad -> bad.sentence();
            case Parsed.Ok<Resource<T>>(Resource<T> resource) ->
                fixed.putIfAbsent(resource.name(), resource) == null
                        ? null
                        : "name: there is another " + type.word() + " `" + resource.name() + "`";
        };
    }

    Map<String, Resource<T>> fixed() {
        return fixed;
    }

    Shelf<T> of(ResourceSource source) {
        return bySource.computeIfAbsent(source, from -> new Shelf<>(type, from, reader));
    }

    Collection<Shelf<T>> shelves() {
        return bySource.values();
    }

    @Nullable
    Held<T> held(Named named) {
        if (named.source() instanceof ResourceSource.Static) {
            Resource<T> found = fixed.get(named.name());
            return found == null ? null : new Held<>(found, "", Instant.EPOCH, null);
        }
        Shelf<T> shelf = bySource.get(named.source());
        return shelf == null ? null : shelf.held().get(named.name());
    }

    /** All of a type that is asked for as a whole, those of the bootstrap first. */
    Map<String, Resource<T>> all() {
        Map<String, Resource<T>> all = new LinkedHashMap<>(fixed);
        for (Shelf<T> shelf : bySource.values()) {
            shelf.held().forEach((name, held) -> all.putIfAbsent(name, held.resource()));
        }
        return all;
    }
}
