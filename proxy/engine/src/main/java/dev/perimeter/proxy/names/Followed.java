package dev.perimeter.proxy.names;

import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** The endpoints of one {@link NamedEndpoints} as they are known now. Changed on one thread, read on any. */
final class Followed {

    private final NamedEndpoints of;
    private final Map<String, FollowedName> names = new LinkedHashMap<>();
    private volatile EndpointSet known;

    /** @param follow makes the follower of a name, which tells of changes */
    Followed(NamedEndpoints of, BiFunction<String, Runnable, FollowedName> follow, Runnable changed) {
        this.of = of;
        for (Endpoint template : of.templates().endpoints()) {
            if (template.address().isUnresolved()) {
                names.computeIfAbsent(
                        template.address().getHostString(), name -> follow.apply(name, () -> changed(changed)));
            }
        }
        known = compose();
    }

    /** Asks for the first time. */
    void start() {
        names.values().forEach(FollowedName::look);
    }

    private void changed(Runnable told) {
        EndpointSet now = compose();
        if (!now.equals(known)) {
            known = now;
            told.run();
        }
    }

    private EndpointSet compose() {
        List<Endpoint> endpoints = new ArrayList<>();
        Set<InetSocketAddress> seen = new HashSet<>();
        for (Endpoint template : of.templates().endpoints()) {
            InetSocketAddress written = template.address();
            FollowedName name = written.isUnresolved() ? names.get(written.getHostString()) : null;
            if (name == null) {
                add(template, written, seen, endpoints);
                continue;
            }
            for (InetAddress address : name.addresses()) {
                add(template, withoutName(address, written.getPort()), seen, endpoints);
            }
        }
        return new EndpointSet(
                of.templates().name(), List.copyOf(endpoints), of.templates().policy());
    }

    /** The resolver leaves the name in the address, and an endpoint is shown by its address. */
    private static InetSocketAddress withoutName(InetAddress address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.getAddress()), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of 4 or 16 bytes is one", impossible);
        }
    }

    /** Two names of one address are one endpoint. */
    private static void add(
            Endpoint template, InetSocketAddress address, Set<InetSocketAddress> seen, List<Endpoint> into) {
        if (seen.add(address)) {
            String name = template.hostname().isEmpty() ? template.address().getHostString() : template.hostname();
            into.add(template.found(address, name));
        }
    }

    EndpointSet known() {
        return known;
    }

    CompletableFuture<Void> first() {
        return CompletableFuture.allOf(
                names.values().stream().map(FollowedName::first).toArray(CompletableFuture[]::new));
    }

    void stop() {
        names.values().forEach(FollowedName::stop);
    }
}
