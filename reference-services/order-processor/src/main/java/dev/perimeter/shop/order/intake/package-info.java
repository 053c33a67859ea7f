/**
 * The door: orders as JSON over HTTP, checked field by field before anything else happens.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.intake.OrdersOverRest}.
 */
@NullMarked
package dev.perimeter.shop.order.intake;

import org.jspecify.annotations.NullMarked;
