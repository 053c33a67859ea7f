/**
 * The parts of a cluster that say which endpoint serves. Start here: {@link
 * dev.perimeter.proxy.xds.resource.cluster.LoadBalancingReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.cluster;

import org.jspecify.annotations.NullMarked;
