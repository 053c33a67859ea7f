/**
 * Faults that a lab plans: a delay, an error every Nth call, a hang. They exist only in the Spring profile
 * {@code lab}, are off until a property sets them, and mark each reply they touch with {@code x-lab-fault}.
 *
 * <p>Start here: {@link dev.perimeter.shop.payment.fault.PlannedFaults}.
 */
@NullMarked
package dev.perimeter.shop.payment.fault;

import org.jspecify.annotations.NullMarked;
