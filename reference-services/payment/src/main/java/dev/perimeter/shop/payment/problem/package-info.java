/**
 * What a caller is told when it does not work, as problem details (RFC 9457) or a gRPC status, and under which request
 * id it is logged.
 *
 * <p>Start here: {@link dev.perimeter.shop.payment.problem.Problems}.
 */
@NullMarked
package dev.perimeter.shop.payment.problem;

import org.jspecify.annotations.NullMarked;
