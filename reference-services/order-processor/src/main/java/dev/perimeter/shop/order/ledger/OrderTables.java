package dev.perimeter.shop.order.ledger;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The SQL behind {@link Orders}, in the words that H2 and PostgreSQL share. */
@Component
class OrderTables {

    private final JdbcClient database;
    private final JdbcTemplate batches;
    private final OrderRows rows;

    OrderTables(JdbcClient database, JdbcTemplate batches) {
        this.database = database;
        this.batches = batches;
        this.rows = new OrderRows(database);
    }

    void insert(Order order, @Nullable String key, String fingerprint, Instant nextAttempt) {
        database.sql("insert into purchase_order (id, idempotency_key, fingerprint, customer, currency, total, card,"
                        + " state, reason, created_at, request_id, traceparent, tracestate, attempts, next_attempt_at)"
                        + " values (:id, :key, :fingerprint, :customer, :currency, :total, :card,"
                        + " :state, :reason, :createdAt, :requestId, :traceparent, :tracestate, :attempts, :next)")
                .param("id", order.id())
                .param("key", key)
                .param("fingerprint", fingerprint)
                .param("customer", order.customer())
                .param("currency", order.total().currency().getCurrencyCode())
                .param("total", order.total().amount())
                .param("card", order.card())
                .param("state", order.state().name())
                .param("reason", order.reason())
                .param("createdAt", utc(order.createdAt()))
                .param("requestId", order.trace().requestId())
                .param("traceparent", order.trace().traceparent())
                .param("tracestate", order.trace().tracestate())
                .param("attempts", order.attempts())
                .param("next", utc(nextAttempt))
                .update();
        var items = order.items();
        batches.batchUpdate(
                "insert into order_item (position, order_id, sku, quantity, unit_price) values (?, ?, ?, ?, ?)",
                java.util.stream.IntStream.range(0, items.size())
                        .mapToObj(i -> new Object[] {
                            i,
                            order.id(),
                            items.get(i).sku(),
                            items.get(i).quantity(),
                            items.get(i).unitPrice()
                        })
                        .toList());
    }

    void append(UUID order, Event event) {
        database.sql("insert into order_event (order_id, position, state, reason, at)"
                        + " select ?, count(*), ?, ?, ? from order_event where order_id = ?")
                .params(order, event.state().name(), event.reason(), utc(event.at()), order)
                .update();
    }

    Optional<Placement> withKey(String key, String fingerprint) {
        record Known(UUID id, String fingerprint) {}
        return database.sql("select id, fingerprint from purchase_order where idempotency_key = ?")
                .param(key)
                .query((row, _) -> new Known(row.getObject("id", UUID.class), row.getString("fingerprint")))
                .optional()
                .flatMap(known -> known.fingerprint().equals(fingerprint)
                        ? find(known.id()).map(Placement.Repeated::new)
                        : Optional.of(new Placement.KeyReused(key)));
    }

    Optional<Order> find(UUID id) {
        return rows.read("where id = ?", id).stream().findFirst();
    }

    List<Order> list(UUID after, int limit) {
        return rows.read("where id > ? order by id limit ?", after, limit);
    }

    List<Order> due(Instant now, int limit) {
        return rows.read(
                "where state = 'PENDING' and next_attempt_at <= ? order by next_attempt_at limit ?", utc(now), limit);
    }

    List<Event> history(UUID id) {
        return database.sql("select state, reason, at from order_event where order_id = ? order by position")
                .param(id)
                .query((row, _) -> new Event(
                        OrderState.valueOf(row.getString("state")),
                        row.getString("reason"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    boolean claim(UUID id, int attempts, Instant nextAttempt) {
        return database.sql("update purchase_order set attempts = attempts + 1, next_attempt_at = ?"
                                + " where id = ? and attempts = ? and state = 'PENDING'")
                        .params(utc(nextAttempt), id, attempts)
                        .update()
                == 1;
    }

    void postpone(UUID id, String reason, Instant nextAttempt) {
        database.sql("update purchase_order set reason = ?, next_attempt_at = ? where id = ? and state = 'PENDING'")
                .params(reason, utc(nextAttempt), id)
                .update();
    }

    boolean settle(UUID id, Event event, @Nullable String chargeId) {
        return database.sql("update purchase_order set state = :state, reason = :reason, charge_id = :charge"
                                + " where id = :id and state = 'PENDING'")
                        .param("state", event.state().name())
                        .param("reason", event.reason())
                        .param("charge", chargeId)
                        .param("id", id)
                        .update()
                == 1;
    }

    private static OffsetDateTime utc(Instant moment) {
        return OffsetDateTime.ofInstant(moment, ZoneOffset.UTC);
    }
}
