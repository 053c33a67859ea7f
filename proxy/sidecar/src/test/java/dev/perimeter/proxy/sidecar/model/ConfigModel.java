package dev.perimeter.proxy.sidecar.model;

import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;

import com.google.protobuf.Message;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A control plane that goes through generations of configuration by random steps, and through them in any order, with
 * interruptions and faults. A generation is a cluster with endpoints of its own and a route table that leads there; each
 * tells its number in every answer, so an answer that mixes two is seen.
 */
final class ConfigModel {

    private static final int UPSTREAMS = 5;

    private final Random random;
    private final ConfigSource source;
    private final FakeControlPlane controlPlane;
    private final List<FakeUpstream> upstreams = new ArrayList<>();
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Message> clusters = new TreeMap<>();
    private final Map<String, Message> endpointSets = new TreeMap<>();
    private final Map<String, Message> tables = new TreeMap<>();
    private final Map<String, Message> listeners = new TreeMap<>();
    private int version;
    private int generation;
    private String table = "routes";

    ConfigModel(long seed, Variant variant, FakeControlPlane controlPlane) {
        random = new Random(seed);
        source = variant.source();
        this.controlPlane = controlPlane;
        for (int i = 0; i < UPSTREAMS; i++) {
            upstreams.add(FakeUpstream.named(String.valueOf(i)));
        }
    }

    /** The upstream that a generation's requests reach. */
    static int upstream(int generation) {
        return generation % UPSTREAMS;
    }

    int generation() {
        return generation;
    }

    List<String> steps() {
        return List.copyOf(steps);
    }

    /** The first generation, in the best of orders. */
    void begin() {
        addGeneration(false);
        publish(TypeUrl.CLUSTER, TypeUrl.ENDPOINT, TypeUrl.LISTENER, TypeUrl.ROUTE_CONFIGURATION);
    }

    /** Does something at random. */
    void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> change(random.nextBoolean(), random.nextBoolean());
            case 4 -> refused();
            case 5 -> disconnect();
            case 6 -> publish(types()[random.nextInt(4)]);
            case 7 -> bystander();
            case 8 -> moveEndpoints();
            default -> {
                int most = 1 + random.nextInt(3);
                for (int i = 0; i < most; i++) {
                    change(random.nextBoolean(), true);
                }
            }
        }
    }

    /** Puts everything right, so that the last generation must come into effect. */
    void heal() {
        clusters.keySet().removeIf(name -> name.startsWith("bad"));
        note("heal");
        publish(TypeUrl.CLUSTER, TypeUrl.ENDPOINT, TypeUrl.LISTENER, TypeUrl.ROUTE_CONFIGURATION);
    }

    /**
     * The next generation.
     *
     * @param renamed whether its route table has a name of its own, which the listener must learn
     * @param atOnce whether what is not needed any more goes in the same breath, in any order
     */
    private void change(boolean renamed, boolean atOnce) {
        int before = generation;
        addGeneration(renamed);
        if (atOnce) {
            forget(before);
        }
        note("generation " + generation + (renamed ? " with a table of its own" : "")
                + (atOnce ? ", break first" : ""));
        String[] order = types();
        Collections.shuffle(Arrays.asList(order), random);
        for (String type : order) {
            publish(type);
            if (random.nextInt(12) == 0) {
                disconnect();
            }
        }
        if (!atOnce) {
            forget(before);
            publish(order);
        }
    }

    private void addGeneration(boolean renamed) {
        generation++;
        String name = "generation-" + generation;
        clusters.put(
                name,
                edsCluster(name).toBuilder()
                        .setEdsClusterConfig(EdsClusterConfig.newBuilder().setEdsConfig(source))
                        .build());
        endpointSets.put(name, endpoints(name, port(generation)));
        if (renamed) {
            tables.remove(table);
            table = "routes-" + generation;
        }
        RouteConfiguration.Builder routes = routes(table, name).toBuilder();
        routes.addResponseHeadersToAdd(HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey("x-generation").setValue("" + generation)));
        tables.put(table, routes.build());
        listeners.put(
                "outbound",
                listener(
                        "outbound",
                        0,
                        manager()
                                .setServerName(table)
                                .setRds(Rds.newBuilder()
                                        .setRouteConfigName(table)
                                        .setConfigSource(source))
                                .build()));
    }

    private int port(int of) {
        return upstreams.get(upstream(of)).address().getPort();
    }

    private void forget(int old) {
        clusters.remove("generation-" + old);
        endpointSets.remove("generation-" + old);
    }

    /** A cluster that must be refused, beside others that must not be. */
    private void refused() {
        note("a bad cluster");
        clusters.put("bad-" + version, staticCluster("bad-" + version, 0));
        publish(TypeUrl.CLUSTER);
    }

    private void disconnect() {
        note("disconnect");
        controlPlane.endStreams(Status.UNAVAILABLE.withDescription("as the model wants it"));
    }

    /** Something that no request passes comes, or goes. */
    private void bystander() {
        String name = "bystander-" + random.nextInt(3);
        note(name);
        if (clusters.remove(name) == null) {
            clusters.put(name, staticCluster(name, 1));
            listeners.put(
                    name,
                    listener(
                            name,
                            0,
                            manager().setRouteConfig(routes(name, name)).build()));
        } else {
            listeners.remove(name);
        }
        publish(TypeUrl.CLUSTER, TypeUrl.LISTENER);
    }

    /** The same upstream, listed anew with a second entry that is as good. */
    private void moveEndpoints() {
        String name = "generation-" + generation;
        note("endpoints of " + name);
        boolean other = random.nextBoolean();
        endpointSets.put(
                name,
                other
                        ? endpoints(
                                name,
                                List.of(upstreams.get(upstream(generation)).address()))
                        : endpoints(name, port(generation)));
        publish(TypeUrl.ENDPOINT);
    }

    private static String[] types() {
        return new String[] {TypeUrl.CLUSTER, TypeUrl.ENDPOINT, TypeUrl.LISTENER, TypeUrl.ROUTE_CONFIGURATION};
    }

    private void publish(String... types) {
        for (String type : types) {
            Map<String, Message> all = switch (type) {
                case TypeUrl.CLUSTER -> clusters;
                case TypeUrl.ENDPOINT -> endpointSets;
                case TypeUrl.LISTENER -> listeners;
                default -> tables;
            };
            note(type.substring(type.lastIndexOf('.') + 1) + " " + all.keySet());
            controlPlane.publish(type, "v" + ++version, all.values().toArray(Message[]::new));
        }
    }

    private void note(String step) {
        steps.add(step);
    }

    void close() {
        upstreams.forEach(FakeUpstream::close);
    }
}
