/** How a cluster finds out which endpoints work. Start here: {@link dev.perimeter.proxy.cluster.health.HealthChecking}. */
@NullMarked
package dev.perimeter.proxy.cluster.health;

import org.jspecify.annotations.NullMarked;
