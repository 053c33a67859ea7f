package dev.perimeter.shop.order.ledger;

import dev.perimeter.shop.order.trace.Trace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads orders with their items: two queries for any number of orders. */
final class OrderRows {

    private final JdbcClient database;

    OrderRows(JdbcClient database) {
        this.database = database;
    }

    List<Order> read(String which, Object... parameters) {
        var bare = database.sql("select * from purchase_order " + which)
                .params(parameters)
                .query((row, _) -> order(row))
                .list();
        var items = items(bare.stream().map(Order::id).toList());
        return bare.stream()
                .map(order -> with(order, items.getOrDefault(order.id(), List.of())))
                .toList();
    }

    private Map<UUID, List<Item>> items(List<UUID> orders) {
        var items = new HashMap<UUID, List<Item>>();
        if (!orders.isEmpty()) {
            database.sql("select * from order_item where order_id in (:orders) order by order_id, position")
                    .param("orders", orders)
                    .query(row -> {
                        items.computeIfAbsent(row.getObject("order_id", UUID.class), _ -> new ArrayList<>())
                                .add(new Item(row.getString("sku"), row.getInt("quantity"), row.getLong("unit_price")));
                    });
        }
        return items;
    }

    private static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getObject("id", UUID.class),
                row.getString("customer"),
                List.of(),
                new Money(row.getLong("total"), Currency.getInstance(row.getString("currency"))),
                row.getString("card"),
                OrderState.valueOf(row.getString("state")),
                row.getString("reason"),
                row.getString("charge_id"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                new Trace(row.getString("request_id"), row.getString("traceparent"), row.getString("tracestate")));
    }

    private static Order with(Order order, List<Item> items) {
        return new Order(
                order.id(),
                order.customer(),
                items,
                order.total(),
                order.card(),
                order.state(),
                order.reason(),
                order.chargeId(),
                order.createdAt(),
                order.attempts(),
                order.trace());
    }
}
