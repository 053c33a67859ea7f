package dev.perimeter.proxy.route.select;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a virtual host by authority without looking at each: a hash look-up for exact names and one for each length of
 * wildcard in use (Envoy's order: exact, longest {@code *.suffix}, longest {@code prefix.*}, {@code *}). As in Envoy a
 * port is a part of the name like any other: {@code shop} does not take requests to {@code shop:8080}.
 */
final class HostIndex<T> {

    private final Map<String, T> exact = new HashMap<>();
    private final TreeMap<Integer, Map<String, T>> suffixes = new TreeMap<>(java.util.Comparator.reverseOrder());
    private final TreeMap<Integer, Map<String, T>> prefixes = new TreeMap<>(java.util.Comparator.reverseOrder());
    private @Nullable T any;

    /** The first of two equal domains stays; whoever reads the config refuses the second. */
    void put(String domain, T value) {
        String lower = domain.toLowerCase(Locale.ROOT);
        if (lower.equals("*")) {
            any = any == null ? value : any;
        } else if (lower.startsWith("*")) {
            String suffix = lower.substring(1);
            suffixes.computeIfAbsent(suffix.length(), length -> new HashMap<>()).putIfAbsent(suffix, value);
        } else if (lower.endsWith("*")) {
            String prefix = lower.substring(0, lower.length() - 1);
            prefixes.computeIfAbsent(prefix.length(), length -> new HashMap<>()).putIfAbsent(prefix, value);
        } else {
            exact.putIfAbsent(lower, value);
        }
    }

    @Nullable
    T find(String authority) {
        T found = exact.get(authority);
        if (found != null) {
            return found;
        }
        String full = authority.toLowerCase(Locale.ROOT);
        found = exact.get(full);
        found = found == null ? bySuffix(full) : found;
        found = found == null ? byPrefix(full) : found;
        return found == null ? any : found;
    }

    private @Nullable T bySuffix(String host) {
        for (Map.Entry<Integer, Map<String, T>> ofLength : suffixes.entrySet()) {
            // The star stands for one character at least.
            if (host.length() > ofLength.getKey()) {
                T found = ofLength.getValue().get(host.substring(host.length() - ofLength.getKey()));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable T byPrefix(String host) {
        for (Map.Entry<Integer, Map<String, T>> ofLength : prefixes.entrySet()) {
            if (host.length() > ofLength.getKey()) {
                T found = ofLength.getValue().get(host.substring(0, ofLength.getKey()));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
