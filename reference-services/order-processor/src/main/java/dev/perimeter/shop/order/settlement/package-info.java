/**
 * Getting from PENDING to a definite state: one attempt while the customer waits, then a loop that never gives up.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.settlement.Settlement}, then
 * {@link dev.perimeter.shop.order.settlement.PendingOrders}.
 */
@NullMarked
package dev.perimeter.shop.order.settlement;

import org.jspecify.annotations.NullMarked;
