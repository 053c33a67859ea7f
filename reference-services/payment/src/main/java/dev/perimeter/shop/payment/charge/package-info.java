/**
 * Charges: what is asked, what the card issuer says, what is kept, and the two doors to it.
 *
 * <p>Start here: {@link dev.perimeter.shop.payment.charge.Charges}; the doors are
 * {@link dev.perimeter.shop.payment.charge.ChargesOverRest} and
 * {@link dev.perimeter.shop.payment.charge.ChargesOverGrpc}.
 */
@NullMarked
package dev.perimeter.shop.payment.charge;

import org.jspecify.annotations.NullMarked;
