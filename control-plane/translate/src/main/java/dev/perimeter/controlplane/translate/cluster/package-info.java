/**
 * Clusters and their endpoints: the services as a proxy calls them.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.translate.cluster.Clusters}.
 */
@NullMarked
package dev.perimeter.controlplane.translate.cluster;

import org.jspecify.annotations.NullMarked;
