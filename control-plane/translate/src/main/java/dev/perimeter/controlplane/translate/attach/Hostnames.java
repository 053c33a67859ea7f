package dev.perimeter.controlplane.translate.attach;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gateway API's rules for host names that meet, wildcards included. */
final class Hostnames {
    private Hostnames() {}

    /** The hosts a route serves at a listener: {@code *} for all, empty if the two have none in common. */
    static List<String> intersection(@Nullable String listener, List<String> route) {
        if (route.isEmpty()) {
            return List.of(listener == null ? "*" : listener);
        }
        return route.stream()
                .map(host -> listener == null ? host : narrower(listener, host))
                .filter(host -> !host.isEmpty())
                .distinct()
                .toList();
    }

    /** The one of two hosts that lies within the other; empty if none does. */
    private static String narrower(String a, String b) {
        if (a.equals(b) || within(a, b)) {
            return a;
        }
        return within(b, a) ? b : "";
    }

    /** {@code *.example.com} holds every name below it, however many labels, and not {@code example.com} itself. */
    private static boolean within(String host, String wildcard) {
        return wildcard.startsWith("*.") && host.endsWith(wildcard.substring(1)) && !host.equals(wildcard);
    }
}
