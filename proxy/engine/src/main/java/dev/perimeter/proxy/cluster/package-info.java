/** Where requests can go: a cluster, its endpoints and its limits. Start here: {@link dev.perimeter.proxy.cluster.ClusterConfig}. */
@NullMarked
package dev.perimeter.proxy.cluster;

import org.jspecify.annotations.NullMarked;
