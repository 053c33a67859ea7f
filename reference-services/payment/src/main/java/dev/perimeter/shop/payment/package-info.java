/**
 * Payment: charges cards, once per key, by REST and by gRPC. It knows nothing of a mesh.
 *
 * <p>Start here: {@link dev.perimeter.shop.payment.Payment}, then {@code charge}.
 */
@NullMarked
package dev.perimeter.shop.payment;

import org.jspecify.annotations.NullMarked;
