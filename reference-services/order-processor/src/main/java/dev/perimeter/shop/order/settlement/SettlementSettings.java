package dev.perimeter.shop.order.settlement;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The loop's bounds, from the properties {@code settlement.*}.
 *
 * @param interval between two rounds
 * @param longestPause the pause before an order is asked for again grows with its attempts, up to this
 * @param round most orders of one round
 * @param inFlight most calls at the same time
 */
@ConfigurationProperties("settlement")
record SettlementSettings(Duration interval, Duration longestPause, int round, int inFlight) {}
