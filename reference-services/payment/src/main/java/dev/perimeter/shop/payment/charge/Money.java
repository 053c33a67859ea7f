package dev.perimeter.shop.payment.charge;

import java.util.Currency;

/**
 * An amount of money.
 *
 * @param amount in minor units of the currency (cents for EUR), above zero
 * @param currency ISO 4217
 */
record Money(long amount, Currency currency) {}
