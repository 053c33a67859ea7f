package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.runtime.ConnectionRuntime;
import dev.perimeter.proxy.runtime.RuntimeSnapshot;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a data plane, by address: a listener that only changes its name or what it does keeps its socket, so
 * that no connection is refused meanwhile. Changed by the control thread alone.
 */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** Port 0 means a port of its own for each name. */
    private record Place(InetSocketAddress address, String name) {
        static Place of(ListenerConfig config) {
            return new Place(config.address(), config.address().getPort() == 0 ? config.name() : "");
        }
    }

    private record Entry(ListenerConfig config, Listener listener) {}

    private final Workers workers;
    private final AtomicLong connectionNumbers = new AtomicLong();
    private final Map<Place, Entry> entries = new HashMap<>();

    Listeners(Workers workers) {
        this.workers = workers;
    }

    /** Opens before it closes. The future brings a sentence for each listener that could not be opened. */
    synchronized CompletableFuture<List<String>> serve(RuntimeSnapshot runtime) {
        List<CompletableFuture<@Nullable String>> opening = new ArrayList<>();
        Set<Place> wanted = new HashSet<>();
        for (ListenerConfig config : runtime.snapshot().listeners().values()) {
            ConnectionRuntime manager = runtime.manager(config.name());
            Place place = Place.of(config);
            wanted.add(place);
            Entry known = entries.get(place);
            if (manager == null) {
                throw new IllegalStateException("a runtime without a manager for listener " + config.name());
            } else if (known == null) {
                opening.add(open(place, config, manager));
            } else {
                known.listener().serve(manager);
                entries.put(place, new Entry(config, known.listener()));
            }
        }
        entries.entrySet().removeIf(entry -> !wanted.contains(entry.getKey()) && retire(entry.getValue()));
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                .thenApply(all -> opening.stream()
                        .map(CompletableFuture::join)
                        .filter(sentence -> sentence != null)
                        .toList());
    }

    private CompletableFuture<@Nullable String> open(Place place, ListenerConfig config, ConnectionRuntime manager) {
        Listener listener = new Listener(config.address(), manager);
        CompletableFuture<@Nullable String> outcome = new CompletableFuture<>();
        entries.put(place, new Entry(config, listener));
        var binding = workers.server(new ConnectionSetup(listener, workers, connectionNumbers))
                .bind(config.address());
        binding.addListener(done -> {
            if (done.isSuccess()) {
                listener.bound(binding.channel());
                LOG.info("listener '{}' accepts connections on {}", config.name(), listener.address());
                outcome.complete(null);
                return;
            }
            forget(place, listener);
            String why = done.cause().getMessage();
            outcome.complete("listener '" + config.name() + "': cannot listen on " + config.address() + ": " + why);
        });
        return outcome;
    }

    private synchronized void forget(Place place, Listener listener) {
        Entry entry = entries.get(place);
        if (entry != null && entry.listener() == listener) {
            entries.remove(place);
        }
    }

    private static boolean retire(Entry entry) {
        LOG.info(
                "listener '{}' on {} drains",
                entry.config().name(),
                entry.listener().address());
        var ignored = entry.listener().drain(DataPlane.drainTime(entry.config()));
        return true;
    }

    synchronized CompletableFuture<Void> drainAll(Duration grace) {
        return CompletableFuture.allOf(entries.values().stream()
                .map(entry -> entry.listener().drain(grace))
                .toArray(CompletableFuture[]::new));
    }

    synchronized void closeAll() {
        entries.values().forEach(entry -> entry.listener().closeAll());
    }

    synchronized List<ListenerView> views() {
        return entries.values().stream()
                .map(entry -> new ListenerView(
                        entry.config().name(),
                        entry.listener().address(),
                        entry.listener().connections()))
                .sorted(Comparator.comparing(ListenerView::name))
                .toList();
    }
}
