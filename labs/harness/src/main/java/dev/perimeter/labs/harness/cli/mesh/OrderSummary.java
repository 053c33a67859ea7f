package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderReply;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of some orders, so that every one is accounted for. */
record OrderSummary(List<Outcome> outcomes) {
    boolean allTaken() {
        return outcomes.stream().allMatch(outcome -> outcome.reply().taken());
    }

    boolean worthRepeating() {
        return outcomes.stream().map(Outcome::reply).anyMatch(reply -> !reply.taken() && !reply.refused());
    }

    void print(PrintWriter out) {
        if (outcomes.size() == 1) {
            OrderReply reply = outcomes.getFirst().reply();
            String id = reply.orderId() == null ? "" : "order " + reply.orderId() + ": ";
            out.println(id + reply + (reply.requestId() == null ? "" : ", request " + reply.requestId()));
            return;
        }
        out.printf(
                "%d orders: %s%n",
                outcomes.size(),
                counts(outcomes.stream().filter(one -> one.reply().answered()), "answered "));
        out.printf(
                "states: %s%n",
                counts(outcomes.stream().filter(one -> !one.reply().state().isEmpty()), ""));
        long silent = outcomes.stream().filter(one -> !one.reply().answered()).count();
        out.printf("unanswered: %d%n", silent);
        outcomes.stream()
                .map(Outcome::reply)
                .filter(reply -> !reply.taken())
                .map(OrderReply::toString)
                .distinct()
                .limit(5)
                .forEach(reply -> out.println("  got " + reply));
        out.printf(
                "slowest: %d ms%n",
                outcomes.stream().mapToLong(Outcome::nanos).max().orElse(0) / 1_000_000);
    }

    private static String counts(java.util.stream.Stream<Outcome> some, String word) {
        Map<String, Long> counts = some.collect(Collectors.groupingBy(
                one -> word.isEmpty() ? one.reply().state() : word + one.reply().status(),
                TreeMap::new,
                Collectors.counting()));
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}
