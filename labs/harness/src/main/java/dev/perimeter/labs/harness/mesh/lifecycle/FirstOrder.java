package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.status.MissingLink;
import dev.perimeter.labs.harness.mesh.status.StatusReader;
import dev.perimeter.labs.harness.mesh.status.Urls;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.shop.OrderReply;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.site.LabHome;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The proof that a mesh works: one real order, through the gateway, until it is paid. */
final class FirstOrder {
    private final LabHome home;
    private final Duration bound;

    FirstOrder(LabHome home, Duration bound) {
        this.home = home;
        this.bound = bound;
    }

    /** The state it came back with, which is PAID. */
    String send() {
        RunState state = RunState.read(home.runFile())
                .orElseThrow(() -> new Refused("%s vanished while the mesh was starting.".formatted(home.runFile())));
        Shop shop = new Shop(Urls.gateway(state));
        String key = "first-" + UUID.randomUUID();
        OrderReply[] last = new OrderReply[1];
        Optional<OrderReply> paid = Waiting.until(bound, () -> {
            // The key makes this one order however often it is sent.
            last[0] = shop.place(key, Shop.SAMPLE);
            return Optional.of(last[0]).filter(OrderReply::paid);
        });
        OrderReply reply = last[0];
        return paid.map(OrderReply::state)
                .orElseThrow(() ->
                        new Refused(MissingLink.of(reply.toString(), reply.requestId(), StatusReader.read(home))));
    }
}
