package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.shop.OrderLoad;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderLoad.Request;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.shop.Unanswered;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab order}: places orders through the gateway; ends with 0 only if each was answered 201. */
@Command(name = "order", description = "Places orders through the gateway, each with a key of its own.")
final class OrderCommand implements Callable<Integer> {
    private static final int SOME_NOT_TAKEN = 1;

    @Option(names = "--count", paramLabel = "N", description = "How many (1).")
    private int count = 1;

    @Option(names = "--in-flight", paramLabel = "M", description = "How many at a time (1).")
    private int inFlight = 1;

    @Option(
            names = "--repeat",
            description = "Sends those again that got no definite answer before, each with its old key.")
    private boolean repeat;

    @Option(names = "--body", paramLabel = "JSON", description = "The order to place instead of the usual one.")
    private String body = Shop.SAMPLE;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (count < 1 || inFlight < 1) {
            throw new Refused("There is nothing to do with a count or an in-flight of less than 1; give at least 1.");
        }
        Mesh mesh = Here.mesh();
        PrintWriter out = Terminal.out(spec);
        Unanswered unanswered = new Unanswered(mesh.home());
        List<Request> requests = repeat ? unanswered.read() : fresh();
        if (requests.isEmpty()) {
            out.println("Every order so far was answered; there is nothing to repeat.");
            out.flush();
            return 0;
        }
        Shop shop = new Shop(mesh.url("gateway"));
        int step = Math.max(requests.size() / 10, 1);
        List<Outcome> outcomes = new OrderLoad(shop, inFlight).place(requests, done -> {
            if (requests.size() > 1 && done % step == 0) {
                out.printf("%d of %d%n", done, requests.size());
                out.flush();
            }
        });
        unanswered.update(outcomes);
        OrderSummary summary = new OrderSummary(outcomes);
        summary.print(out);
        if (summary.worthRepeating()) {
            out.println("scripts/lab order --repeat sends those without a definite answer again, with the same keys.");
        }
        out.flush();
        return summary.allTaken() ? 0 : SOME_NOT_TAKEN;
    }

    private List<Request> fresh() {
        return Stream.generate(() -> new Request("lab-" + UUID.randomUUID(), body))
                .limit(count)
                .toList();
    }
}
