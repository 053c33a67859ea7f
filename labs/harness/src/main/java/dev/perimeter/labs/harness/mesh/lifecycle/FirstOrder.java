package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.status.MissingLink;
import dev.perimeter.labs.harness.mesh.status.StatusReader;
import dev.perimeter.labs.harness.mesh.status.Urls;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.shop.OrderReply;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.site.LabHome;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The proof that a mesh works: one real order, through the gateway, until it is paid. */
final class FirstOrder {
    /** All processes are ready by now; if a resource is bad, waiting longer will not make it good. */
    private static final Duration DOUBTFUL_BOUND = Duration.ofSeconds(30);

    private final LabHome home;
    private final Duration bound;
    private final Reminder reminder;

    FirstOrder(LabHome home, Duration bound, Reminder reminder) {
        this.home = home;
        this.bound = bound;
        this.reminder = reminder;
    }

    /** The state it came back with, which is PAID. */
    String send() {
        RunState state = RunState.read(home.runFile())
                .orElseThrow(() -> new Refused("%s vanished while the mesh was starting.".formatted(home.runFile())));
        Shop shop = new Shop(Urls.gateway(state));
        String key = "first-" + UUID.randomUUID();
        OrderReply[] last = new OrderReply[1];
        boolean likely = new ResourceStore(home.resources()).problems().isEmpty();
        Duration patience = likely || bound.compareTo(DOUBTFUL_BOUND) < 0 ? bound : DOUBTFUL_BOUND;
        Optional<OrderReply> paid = Waiting.until(patience, () -> {
            // The key makes this one order however often it is sent.
            last[0] = shop.place(key, Shop.SAMPLE);
            reminder.waitingFor(() -> "an order does not cross yet, the gateway answers " + last[0]);
            return Optional.of(last[0]).filter(OrderReply::paid);
        });
        OrderReply reply = last[0];
        return paid.map(OrderReply::state)
                .orElseThrow(() ->
                        new Refused(MissingLink.of(reply.toString(), reply.requestId(), StatusReader.read(home))));
    }
}
