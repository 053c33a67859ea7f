/**
 * What a caller is told when it does not work: problem details (RFC 9457), with the field that is to blame. Never a
 * stack trace, a class or an address.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.problem.Problems}.
 */
@NullMarked
package dev.perimeter.shop.order.problem;

import org.jspecify.annotations.NullMarked;
