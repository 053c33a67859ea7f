/**
 * Among which endpoints a policy chooses: by subset, priority, locality and health. Start here: {@link
 * dev.perimeter.proxy.balance.spread.ClusterBalancer}.
 */
@NullMarked
package dev.perimeter.proxy.balance.spread;

import org.jspecify.annotations.NullMarked;
