/**
 * Payment over gRPC, as both sides compile it: everything else here is generated from {@code payments.proto}.
 *
 * <p>Start here: {@link dev.perimeter.shop.contracts.PaymentsGrpc}.
 */
@NullMarked
package dev.perimeter.shop.contracts;

import org.jspecify.annotations.NullMarked;
