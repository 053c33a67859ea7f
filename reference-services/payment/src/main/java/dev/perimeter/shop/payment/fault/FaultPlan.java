package dev.perimeter.shop.payment.fault;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The faults a lab asked for, by properties {@code lab.fault.*} (environment: {@code LAB_FAULT_DELAY},
 * {@code LAB_FAULT_ERROR_EVERY}, {@code LAB_FAULT_HANG}).
 *
 * @param delay how much later each charge is answered; zero is off
 * @param errorEvery every Nth charge fails with 503; zero is off
 * @param hang how long each charge is left without an answer; zero is off
 */
@ConfigurationProperties("lab.fault")
record FaultPlan(
        @DefaultValue("0ms") Duration delay,
        @DefaultValue("0") int errorEvery,
        @DefaultValue("0ms") Duration hang) {

    /** @param call the number of the call, from 1 */
    Fault of(long call) {
        if (hang.isPositive()) {
            return new Fault.Hang(hang);
        }
        if (errorEvery > 0 && call % errorEvery == 0) {
            return new Fault.Error();
        }
        return delay.isPositive() ? new Fault.Delay(delay) : new Fault.None();
    }
}
