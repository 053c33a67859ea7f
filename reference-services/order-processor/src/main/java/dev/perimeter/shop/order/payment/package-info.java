/**
 * Asking payment for money, by REST or by gRPC. The heart of it is telling an answer from the lack of one.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.payment.PaymentAnswer}, then
 * {@link dev.perimeter.shop.order.payment.PaymentClient}.
 */
@NullMarked
package dev.perimeter.shop.order.payment;

import org.jspecify.annotations.NullMarked;
