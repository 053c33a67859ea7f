/**
 * The order processor as customers and payment see it: on real sockets, on H2 and on PostgreSQL, by REST and by gRPC,
 * against a payment that does whatever a story needs.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.OrdersSuite}.
 */
package dev.perimeter.shop.order;
