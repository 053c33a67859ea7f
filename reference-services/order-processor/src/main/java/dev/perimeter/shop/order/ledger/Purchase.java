package dev.perimeter.shop.order.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;

/**
 * What a customer asks for.
 *
 * @param items at least one
 * @param card a token that payment understands; never shown and never logged
 */
public record Purchase(String customer, List<Item> items, Currency currency, String card) {

    public Purchase {
        items = List.copyOf(items);
    }

    public Money total() {
        return new Money(items.stream().mapToLong(Item::price).sum(), currency);
    }

    /** Equal for equal purchases, however their JSON was written: this is what "the same body" means. */
    String fingerprint() {
        var text = new StringBuilder();
        for (var part : List.of(customer, currency.getCurrencyCode(), card)) {
            text.append(part.length()).append(':').append(part);
        }
        for (var item : items) {
            text.append(item.sku().length()).append(':').append(item.sku());
            text.append(item.quantity()).append('x').append(item.unitPrice()).append(';');
        }
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
