/**
 * Orders and what became of them, kept in the database. An order is stored before anybody is asked for money, so a
 * crash at any line loses none.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.ledger.Orders}.
 */
@NullMarked
package dev.perimeter.shop.order.ledger;

import org.jspecify.annotations.NullMarked;
