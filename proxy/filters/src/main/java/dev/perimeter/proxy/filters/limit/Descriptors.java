package dev.perimeter.proxy.filters.limit;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.select.ValueConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buckets for certain requests: what a request looks like becomes a list of entries, and the bucket with the same list is
 * its own (Envoy: rate limit descriptors).
 */
public final class Descriptors {

    public record Entry(String key, String value) {}

    /** What makes one entry of a request. */
    public sealed interface Action {

        record Header(String name, String key, boolean skipIfAbsent) implements Action {}

        record RemoteAddress() implements Action {}

        record Fixed(Entry entry) implements Action {}

        /** @param expected whether the conditions have to hold, or not to */
        record Matching(Entry entry, List<ValueMatch> headers, boolean expected) implements Action {}
    }

    private final List<List<Action>> limits;
    private final Map<List<Entry>, TokenBucket> buckets;

    /** @param limits each makes a list of entries; the first that has a bucket counts */
    public Descriptors(List<List<Action>> limits, Map<List<Entry>, TokenBucket> buckets) {
        this.limits = limits;
        this.buckets = Map.copyOf(buckets);
    }

    /** The bucket of a request, or null. */
    public @Nullable TokenBucket bucket(RequestHead request, Exchange exchange) {
        if (buckets.isEmpty()) {
            return null;
        }
        for (int i = 0; i < limits.size(); i++) {
            List<Entry> entries = entries(limits.get(i), request, exchange);
            TokenBucket found = entries == null ? null : buckets.get(entries);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Null when one of the actions has nothing to say, which calls the whole off. */
    private static @Nullable List<Entry> entries(List<Action> actions, RequestHead request, Exchange exchange) {
        List<Entry> entries = new ArrayList<>(actions.size());
        for (int i = 0; i < actions.size(); i++) {
            switch (actions.get(i)) {
                case Action.Header(String name, String key, boolean skip) -> {
                    String value = ValueConditions.header(name, request);
                    if (value != null) {
                        entries.add(new Entry(key, value));
                    } else if (!skip) {
                        return null;
                    }
                }
                case Action.RemoteAddress() -> entries.add(new Entry("remote_address", exchange.remoteHost()));
                case Action.Fixed(Entry entry) -> entries.add(entry);
                case Action.Matching(Entry entry, List<ValueMatch> headers, boolean expected) -> {
                    if (ValueConditions.all(headers, request) != expected) {
                        return null;
                    }
                    entries.add(entry);
                }
            }
        }
        return entries;
    }
}
