package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.shop.OrderReply;
import dev.perimeter.labs.harness.shop.Shop;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The proof that a mesh works: one real order, through the gateway, until it is paid. */
final class FirstOrder {
    private final Mesh mesh;
    private final Duration bound;

    FirstOrder(Mesh mesh, Duration bound) {
        this.mesh = mesh;
        this.bound = bound;
    }

    /** The state it came back with, which is PAID. */
    String send() {
        Shop shop = new Shop(mesh.url("gateway"));
        String key = "first-" + UUID.randomUUID();
        OrderReply[] last = new OrderReply[1];
        Optional<OrderReply> paid = Waiting.until(bound, () -> {
            // The key makes this one order however often it is sent.
            last[0] = shop.place(key, Shop.SAMPLE);
            return Optional.of(last[0]).filter(OrderReply::paid);
        });
        OrderReply reply = last[0];
        return paid.map(OrderReply::state)
                .orElseThrow(() -> new Refused(MissingLink.of(reply.toString(), reply.requestId(), mesh.status())));
    }
}
