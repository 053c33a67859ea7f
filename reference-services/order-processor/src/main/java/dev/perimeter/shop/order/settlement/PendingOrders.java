package dev.perimeter.shop.order.settlement;

import dev.perimeter.shop.order.ledger.Order;
import dev.perimeter.shop.order.ledger.Orders;
import dev.perimeter.shop.order.trace.RequestScope;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Repeats the call to payment for every order that has no answer yet, from the start of the process to its end. What
 * a killed process left behind is found here too: there is nothing but the database to remember it.
 */
@Component
class PendingOrders implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PendingOrders.class);

    private final Orders orders;
    private final Settlement settlement;
    private final SettlementSettings settings;
    private boolean databaseAway;
    private volatile @Nullable Thread loop;

    PendingOrders(Orders orders, Settlement settlement, SettlementSettings settings) {
        this.orders = orders;
        this.settlement = settlement;
        this.settings = settings;
    }

    @Override
    public void start() {
        // Known before it runs: the loop's own first look is at this field.
        var started = Thread.ofVirtual().name("pending-orders").unstarted(this::run);
        loop = started;
        started.start();
    }

    @Override
    public void stop() {
        var running = loop;
        loop = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return loop != null;
    }

    private void run() {
        try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            while (isRunning()) {
                // A full round means that there is more: go on at once.
                if (round(calls) < settings.round()) {
                    Thread.sleep(settings.interval());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for each order that is due, and returns how many there were. */
    private int round(ExecutorService calls) throws InterruptedException {
        var due = due();
        var free = new Semaphore(settings.inFlight());
        for (var order : due) {
            free.acquire();
            calls.execute(() -> {
                try (var _ =
                        MDC.putCloseable(RequestScope.LOG_KEY, order.trace().requestId())) {
                    repeat(order);
                } finally {
                    free.release();
                }
            });
        }
        free.acquire(settings.inFlight());
        return due.size();
    }

    private List<Order> due() {
        try {
            var due = orders.due(settings.round());
            databaseAway = false;
            return due;
        } catch (RuntimeException away) {
            if (!databaseAway) {
                LOG.warn("pending orders cannot be read, trying on: {}", away.getMessage());
            }
            databaseAway = true;
            return List.of();
        }
    }

    private void repeat(Order order) {
        try {
            if (orders.claim(order, settlement.lease())) {
                settlement.attempt(order);
            }
        } catch (RuntimeException away) {
            LOG.warn("order {} stays PENDING: {}", order.id(), away.getMessage());
        }
    }
}
