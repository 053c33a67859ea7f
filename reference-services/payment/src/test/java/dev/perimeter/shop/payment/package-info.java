/**
 * Payment as its callers see it: whole processes' worth of it on real sockets, on H2 and on PostgreSQL.
 *
 * <p>Start here: {@link dev.perimeter.shop.payment.ChargesSuite}.
 */
package dev.perimeter.shop.payment;
