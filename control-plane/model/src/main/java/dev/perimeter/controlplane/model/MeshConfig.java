package dev.perimeter.controlplane.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The world at one moment: every good object, and what is wrong with the others. Immutable; a change makes a new one.
 * Lists come in the order of the objects' keys, so that equal worlds read the same.
 */
public final class MeshConfig {
    /** A world without anything. */
    public static final MeshConfig EMPTY = new MeshConfig(List.of(), List.of());

    private final SortedMap<ObjectKey, MeshObject> objects;
    private final List<Problem> problems;
    private final Map<ObjectKey, List<EndpointSlice>> slices = new HashMap<>();

    /** Takes the objects (one for each key, a later one wins) and the problems as they are. */
    public MeshConfig(Collection<? extends MeshObject> objects, Collection<Problem> problems) {
        SortedMap<ObjectKey, MeshObject> byKey = new TreeMap<>();
        objects.forEach(object -> byKey.put(object.key(), object));
        this.objects = Collections.unmodifiableSortedMap(byKey);
        this.problems = List.copyOf(problems);
        for (EndpointSlice slice : all(EndpointSlice.class)) {
            ObjectKey service = new ObjectKey("Service", slice.meta().namespace(), slice.service());
            slices.computeIfAbsent(service, key -> new ArrayList<>()).add(slice);
        }
    }

    public Collection<MeshObject> objects() {
        return objects.values();
    }

    public List<Problem> problems() {
        return problems;
    }

    /** Every object of a kind. */
    public <T extends MeshObject> List<T> all(Class<T> kind) {
        return objects.values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    public Optional<MeshObject> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    public Optional<Service> service(String namespace, String name) {
        return find(new ObjectKey("Service", namespace, name)).map(Service.class::cast);
    }

    public Optional<Gateway> gateway(String namespace, String name) {
        return find(new ObjectKey("Gateway", namespace, name)).map(Gateway.class::cast);
    }

    /** The slices that say where a service's pods are. */
    public List<EndpointSlice> slicesOf(Service service) {
        return List.copyOf(slices.getOrDefault(service.key(), List.of()));
    }

    /** Worlds are equal when they hold the same objects and problems. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MeshConfig world && objects.equals(world.objects) && problems.equals(world.problems);
    }

    @Override
    public int hashCode() {
        return objects.hashCode() * 31 + problems.hashCode();
    }
}
