package dev.perimeter.proxy.route;

/** One change to a header block, applied in the order of the list. */
public sealed interface HeaderEdit {

    record Set(String name, String value) implements HeaderEdit {}

    record Append(String name, String value) implements HeaderEdit {}

    record Remove(String name) implements HeaderEdit {}
}
