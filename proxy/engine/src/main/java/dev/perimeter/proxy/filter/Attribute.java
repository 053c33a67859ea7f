package dev.perimeter.proxy.filter;

/**
 * The name under which one filter leaves a value of type {@code T} on an exchange for another; compared by identity, so
 * whoever shares a value shares the constant.
 */
public final class Attribute<T> {

    private final String name;

    public Attribute(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
