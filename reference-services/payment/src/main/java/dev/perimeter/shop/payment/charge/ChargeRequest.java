package dev.perimeter.shop.payment.charge;

import dev.perimeter.shop.payment.problem.Violation;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A charge somebody asks for, known to keep the rules below. */
record ChargeRequest(String key, Money money, String card) {

    /** One million of the larger currencies, in minor units. */
    static final long LARGEST_AMOUNT = 100_000_000_000L;

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,100}");
    private static final Pattern CARD = Pattern.compile("tok_[a-z0-9_]{1,60}");

    /** What came of reading a request: it, or every rule that it breaks. */
    sealed interface Parsed {
        record Valid(ChargeRequest request) implements Parsed {}

        record Invalid(List<Violation> violations) implements Parsed {}
    }

    /** A value that is absent, or was of another type, is {@code null} here. */
    static Parsed parse(
            @Nullable String key, @Nullable Long amount, @Nullable String currencyCode, @Nullable String card) {
        var violations = new ArrayList<Violation>();
        if (key == null || !KEY.matcher(key).matches()) {
            violations.add(new Violation("Idempotency-Key", "must be 1 to 100 visible ASCII characters"));
        }
        if (amount == null || amount < 1 || amount > LARGEST_AMOUNT) {
            violations.add(new Violation("amount", "must be a whole number from 1 to " + LARGEST_AMOUNT));
        }
        Currency currency = currencyOf(currencyCode);
        if (currency == null) {
            violations.add(new Violation("currency", "must be an ISO 4217 code, such as EUR"));
        }
        if (card == null || !CARD.matcher(card).matches()) {
            violations.add(new Violation("card", "must be a card token, such as tok_visa"));
        }
        if (key == null || amount == null || currency == null || card == null || !violations.isEmpty()) {
            return new Parsed.Invalid(List.copyOf(violations));
        }
        return new Parsed.Valid(new ChargeRequest(key, new Money(amount, currency), card));
    }

    private static @Nullable Currency currencyOf(@Nullable String code) {
        try {
            return code == null ? null : Currency.getInstance(code);
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }
}
