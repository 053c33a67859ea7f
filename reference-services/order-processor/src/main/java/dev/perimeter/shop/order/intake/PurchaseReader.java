package dev.perimeter.shop.order.intake;

import dev.perimeter.shop.order.ledger.Item;
import dev.perimeter.shop.order.ledger.Purchase;
import dev.perimeter.shop.order.problem.Violation;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a purchase from JSON: the purchase, or every reason why it is none. */
final class PurchaseReader {

    static final int MOST_ITEMS = 100;
    static final long HIGHEST_PRICE = 100_000_000;
    static final int LARGEST_QUANTITY = 1_000;

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final Pattern CODE = Pattern.compile("[A-Z]{3}");
    private static final Pattern CARD = Pattern.compile("tok_[a-z0-9_]{1,60}");
    private static final String NAME_RULE = "must be a text of 1 to 100 characters";
    private static final String CURRENCY_RULE = "must be an ISO 4217 code, such as EUR";

    /** What came of reading. */
    sealed interface Parsed {
        record Valid(Purchase purchase) implements Parsed {}

        record Invalid(List<Violation> violations) implements Parsed {}
    }

    private final List<Violation> violations = new ArrayList<>();

    private PurchaseReader() {}

    static Parsed read(JsonNode body) {
        return new PurchaseReader().purchase(body);
    }

    private Parsed purchase(JsonNode body) {
        if (!body.isObject()) {
            return new Parsed.Invalid(List.of(new Violation("body", "must be a JSON object")));
        }
        var fields = new JsonFields(body, "", violations);
        var customer = fields.text("customer", NAME, NAME_RULE);
        var items = items(fields, body.path("items"));
        var currency = currency(fields);
        var card = fields.text("card", CARD, "must be a card token, such as tok_visa");
        fields.onlyKnows(Set.of("customer", "items", "currency", "card"));
        if (customer == null || currency == null || card == null || !violations.isEmpty()) {
            return new Parsed.Invalid(List.copyOf(violations));
        }
        return new Parsed.Valid(new Purchase(customer, items, currency, card));
    }

    private List<Item> items(JsonFields fields, JsonNode array) {
        if (!array.isArray() || array.isEmpty() || array.size() > MOST_ITEMS) {
            fields.violate("items", "must be a list of 1 to " + MOST_ITEMS + " items");
            return List.of();
        }
        var items = new ArrayList<Item>();
        for (int i = 0; i < array.size(); i++) {
            var item = item("items[" + i + "]", array.get(i));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private @Nullable Item item(String path, JsonNode node) {
        if (!node.isObject()) {
            violations.add(new Violation(path, "must be a JSON object"));
            return null;
        }
        var fields = new JsonFields(node, path + ".", violations);
        var sku = fields.text("sku", NAME, NAME_RULE);
        var quantity = fields.wholeNumber("quantity", 1, LARGEST_QUANTITY);
        var unitPrice = fields.wholeNumber("unitPrice", 1, HIGHEST_PRICE);
        fields.onlyKnows(Set.of("sku", "quantity", "unitPrice"));
        return sku == null || quantity == null || unitPrice == null
                ? null
                : new Item(sku, Math.toIntExact(quantity), unitPrice);
    }

    private static @Nullable Currency currency(JsonFields fields) {
        var code = fields.text("currency", CODE, CURRENCY_RULE);
        if (code == null) {
            return null;
        }
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException unknown) {
            fields.violate("currency", CURRENCY_RULE);
            return null;
        }
    }
}
