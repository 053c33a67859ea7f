package dev.perimeter.shop.order.ledger;

import dev.perimeter.shop.order.trace.Trace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every order. Each method is one transaction at most, and none is open while payment is asked.
 *
 * <p>Several processes may share the database: a key is won by the unique constraint, an attempt by {@link #claim}, and
 * an order leaves PENDING by an update that only one of them can make.
 */
@Repository
public class Orders {

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final OrderTables tables;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Orders(OrderTables tables, TransactionTemplate transaction, Clock clock) {
        this.tables = tables;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Stores an order as PENDING.
     *
     * @param key the caller's {@code Idempotency-Key}, if it sent one
     * @param lease how long the caller itself will be asking payment; the loop leaves the order alone until then
     */
    public Placement place(@Nullable String key, Purchase purchase, Trace trace, Duration lease) {
        var now = now();
        var order = new Order(
                TimeOrderedId.at(now),
                purchase.customer(),
                purchase.items(),
                purchase.total(),
                purchase.card(),
                OrderState.PENDING,
                "order received",
                null,
                now,
                1,
                trace);
        try {
            transaction.executeWithoutResult(_ -> {
                tables.insert(order, key, purchase.fingerprint(), now.plus(lease));
                tables.append(order.id(), new Event(OrderState.PENDING, order.reason(), now));
            });
        } catch (DuplicateKeyException taken) {
            if (key == null) {
                throw taken;
            }
            return tables.withKey(key, purchase.fingerprint()).orElseThrow(() -> taken);
        }
        LOG.info("order {} PENDING {} key {}", order.id(), order.total(), key == null ? "-" : key);
        return new Placement.Placed(order);
    }

    public Optional<Order> find(UUID id) {
        return tables.find(id);
    }

    /** At most {@code limit} orders placed after the given one, oldest first. */
    public List<Order> list(UUID after, int limit) {
        return tables.list(after, limit);
    }

    /** The states of an order in the order they were entered; empty when there is no such order. */
    public List<Event> history(UUID id) {
        return tables.history(id);
    }

    /** At most {@code limit} pending orders whose time to ask again has come, longest waiting first. */
    public List<Order> due(int limit) {
        return tables.due(now(), limit);
    }

    /** Takes the next attempt of an order for the caller alone; false when somebody else did. */
    public boolean claim(Order order, Duration lease) {
        return tables.claim(order.id(), order.attempts(), now().plus(lease));
    }

    /** Notes that payment gave no answer, and when to ask again. */
    public void postpone(Order order, String reason, Duration pause) {
        tables.postpone(order.id(), reason, now().plus(pause));
    }

    /** Moves an order out of PENDING. Who comes second changes nothing: the first answer stands. */
    public void settle(Order order, OrderState state, String reason, @Nullable String chargeId) {
        var event = new Event(state, reason, now());
        transaction.executeWithoutResult(_ -> {
            if (tables.settle(order.id(), event, chargeId)) {
                tables.append(order.id(), event);
                LOG.info("order {} {} {}", order.id(), state, reason);
            }
        });
    }

    /** Milliseconds: what every database keeps, so that an order read back equals the one that was written. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
