package dev.perimeter.shop.order.ledger;

/**
 * One line of an order.
 *
 * @param unitPrice in minor units of the order's currency
 */
public record Item(String sku, int quantity, long unitPrice) {

    public long price() {
        return quantity * unitPrice;
    }
}
