package dev.perimeter.controlplane.contract.fields;

/**
 * A field that is set and may not be.
 *
 * @param path from the message that was checked, e.g. {@code filter_chains[0].transport_socket}; empty for the message itself
 * @param reason what is wrong with it, fit to follow the path and a colon
 */
public record Refusal(String path, String reason) {}
