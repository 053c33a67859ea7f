package dev.perimeter.labs.tour;

import dev.perimeter.labs.harness.evidence.AccessLogLine;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.Reply;
import dev.perimeter.labs.harness.evidence.Scenario;
import dev.perimeter.labs.harness.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Places an order and counts who carried it. */
public final class TourScenario implements Scenario {

    @Override
    public Map<String, String> observe(Evidence evidence) {
        Reply paid = evidence.await("an order that is PAID", () -> {
            Reply reply = evidence.order();
            return "PAID".equals(state(reply)) ? Optional.of(reply) : Optional.empty();
        });
        Map<String, String> seen = new LinkedHashMap<>();
        seen.put("order", state(paid));
        long proxies = evidence.processes().stream()
                .filter(name -> name.endsWith("-proxy"))
                .count();
        seen.put("proxies beside services", Long.toString(proxies));
        seen.put("hops", hops(evidence, paid.header("x-request-id")));
        return seen;
    }

    private static String state(Reply reply) {
        return reply.status() == 201 ? String.valueOf(Json.object(reply.body()).get("state")) : "none";
    }

    private static String hops(Evidence evidence, String requestId) {
        List<AccessLogLine> lines = evidence.await("the gateway's line of request " + requestId, () -> {
            List<AccessLogLine> found = evidence.lines(requestId);
            return found.stream().anyMatch(line -> line.direction().equals("gateway"))
                    ? Optional.of(found)
                    : Optional.empty();
        });
        return lines.size() + ": "
                + lines.stream().map(line -> plain(line.process())).collect(Collectors.joining(" > "));
    }

    /** Which of the two payments answered is left to chance. */
    private static String plain(String process) {
        return process.replaceFirst("^payment-v[12]-0", "payment").replaceFirst("-0-proxy$|-proxy$", "'s proxy");
    }
}
