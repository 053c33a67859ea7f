package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.Host;
import java.util.List;

/** A cluster as the admin pages show it. */
public record ClusterView(ClusterConfig config, List<Host> hosts, ClusterLoad load) {}
