package dev.perimeter.proxy.balance;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the metadata ({@code envoy.lb}) of an endpoint must hold for a request to go there (Envoy: metadata_match). Made
 * with the config, compared with every request: its hash is taken once.
 */
public final class MetadataMatch {

    public static final MetadataMatch ANY = new MetadataMatch(Map.of());

    private final Map<String, Object> values;
    private final int hash;

    /** @param values strings, doubles, booleans or lists of them, as in {@code Endpoint.metadata} */
    public MetadataMatch(Map<String, Object> values) {
        this.values = Map.copyOf(values);
        this.hash = this.values.hashCode();
    }

    /** Both; where they name the same key, the more specific one wins. */
    public MetadataMatch and(MetadataMatch specific) {
        Map<String, Object> both = new TreeMap<>(values);
        both.putAll(specific.values);
        return new MetadataMatch(both);
    }

    public Map<String, Object> values() {
        return values;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof MetadataMatch match && hash == match.hash && values.equals(match.values));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
