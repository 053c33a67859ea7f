package dev.perimeter.controlplane.translate;

/** What a proxy is to have, or why it gets nothing. */
public sealed interface Translation {
    /** The proxy is known and this is its config. */
    record Config(ProxyConfig resources) implements Translation {}

    /** The proxy gets nothing; the reason is a sentence an operator reads in the status. */
    record Nothing(String reason) implements Translation {}
}
