/**
 * The order processor: takes orders, keeps them, and has each one paid exactly once. It knows nothing of a mesh.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.OrderProcessor}, then {@code intake}, {@code ledger},
 * {@code settlement}: the way of an order.
 */
@NullMarked
package dev.perimeter.shop.order;

import org.jspecify.annotations.NullMarked;
