package dev.perimeter.shop.order.intake;

import dev.perimeter.shop.order.ledger.Order;
import dev.perimeter.shop.order.ledger.Orders;
import dev.perimeter.shop.order.ledger.Placement;
import dev.perimeter.shop.order.problem.Problems;
import dev.perimeter.shop.order.settlement.Settlement;
import dev.perimeter.shop.order.trace.RequestScope;
import dev.perimeter.shop.order.trace.Trace;
import java.net.URI;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Orders by REST: place, read, list, and the history of one. */
@RestController
@RequestMapping("/orders")
class OrdersOverRest {

    private static final Logger LOG = LoggerFactory.getLogger(OrdersOverRest.class);
    private static final String FIRST = "00000000-0000-0000-0000-000000000000";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,100}");

    private final Orders orders;
    private final Settlement settlement;

    OrdersOverRest(Orders orders, Settlement settlement) {
        this.orders = orders;
        this.settlement = settlement;
    }

    /**
     * Keeps the order, asks payment once, and answers 201 with whatever state that led to. With an
     * {@code Idempotency-Key} the request may be repeated: it gets the same order again, as it stands by then, marked by
     * {@code Idempotency-Replayed: true}.
     */
    @PostMapping
    ResponseEntity<?> place(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestAttribute(RequestScope.TRACE) Trace trace,
            @RequestBody JsonNode body) {
        if (key != null && !KEY.matcher(key).matches()) {
            return Problems.invalid("Idempotency-Key", "must be 1 to 100 visible ASCII characters");
        }
        return switch (PurchaseReader.read(body)) {
            case PurchaseReader.Parsed.Invalid(var violations) -> Problems.invalid(violations);
            case PurchaseReader.Parsed.Valid(var purchase) ->
                switch (orders.place(key, purchase, trace, settlement.lease())) {
                    case Placement.Placed(var order) -> created(settled(order), false);
                    case Placement.Repeated(var order) -> created(order, true);
                    case Placement.KeyReused(var used) -> Problems.keyReused(used);
                };
        };
    }

    @GetMapping("/{id}")
    ResponseEntity<?> read(@PathVariable UUID id) {
        var order = orders.find(id);
        return order.isPresent() ? ResponseEntity.ok(OrderView.of(order.get())) : unknown(id);
    }

    @GetMapping("/{id}/history")
    ResponseEntity<?> history(@PathVariable UUID id) {
        var history = orders.history(id);
        return history.isEmpty() ? unknown(id) : ResponseEntity.ok(new OrderView.History(id, history));
    }

    /** Oldest first. {@code after} is the id of the last order already seen, {@code limit} is 1 to 500. */
    @GetMapping
    ResponseEntity<?> list(
            @RequestParam(defaultValue = FIRST) UUID after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > 500) {
            return Problems.invalid("limit", "must be from 1 to 500");
        }
        return ResponseEntity.ok(OrderView.Page.of(orders.list(after, limit), limit));
    }

    /**
     * The order after one attempt. It was stored before, so whatever happens from here on, the truth is at worst "not
     * settled yet", and the loop goes on from there.
     */
    private Order settled(Order order) {
        try {
            settlement.attempt(order);
            return orders.find(order.id()).orElse(order);
        } catch (DataAccessException | TransactionException away) {
            LOG.warn("order {} stays PENDING: {}", order.id(), away.getMessage());
            return order;
        }
    }

    private static ResponseEntity<OrderView> created(Order order, boolean repeated) {
        var reply = ResponseEntity.created(URI.create("/orders/" + order.id()));
        if (repeated) {
            reply.header("Idempotency-Replayed", "true");
        }
        return reply.body(OrderView.of(order));
    }

    private static ResponseEntity<?> unknown(UUID id) {
        return Problems.notFound("There is no order " + id + ".");
    }
}
