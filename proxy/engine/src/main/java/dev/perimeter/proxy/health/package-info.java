/**
 * Which endpoints work: by asking them, and by watching what they answer. Start here: {@link
 * dev.perimeter.proxy.health.HealthWatch}, {@link dev.perimeter.proxy.health.ClusterHealth}.
 */
@NullMarked
package dev.perimeter.proxy.health;

import org.jspecify.annotations.NullMarked;
