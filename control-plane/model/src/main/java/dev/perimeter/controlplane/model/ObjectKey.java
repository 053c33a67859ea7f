package dev.perimeter.controlplane.model;

import java.util.Comparator;

/**
 * What one object is called.
 *
 * @param kind the resource kind as written in the file, such as {@code HTTPRoute}
 * @param namespace empty for a kind that belongs to the whole cluster
 * @param name unique among the kind's objects in the namespace
 */
public record ObjectKey(String kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::kind)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** The way the object is spoken of in sentences: {@code HTTPRoute shop/orders}. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
    }
}
