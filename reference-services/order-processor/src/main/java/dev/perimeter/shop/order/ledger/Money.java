package dev.perimeter.shop.order.ledger;

import java.util.Currency;

/**
 * An amount of money.
 *
 * @param amount in minor units of the currency (cents for EUR)
 * @param currency ISO 4217
 */
public record Money(long amount, Currency currency) {}
