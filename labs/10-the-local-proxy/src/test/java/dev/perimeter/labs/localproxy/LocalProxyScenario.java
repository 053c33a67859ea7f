package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.evidence.AccessLogLine;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.ProcessFacts;
import dev.perimeter.labs.harness.evidence.Reply;
import dev.perimeter.labs.harness.evidence.Scenario;
import dev.perimeter.labs.harness.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Places an order and looks who spoke with whom. */
public final class LocalProxyScenario implements Scenario {

    @Override
    public Map<String, String> observe(Evidence evidence) {
        Reply paid = evidence.await("an order that is PAID", () -> {
            Reply reply = evidence.order();
            return reply.status() == 201 && "PAID".equals(state(reply)) ? Optional.of(reply) : Optional.empty();
        });
        Way way = Way.look(evidence);
        Map<String, String> seen = new LinkedHashMap<>();
        seen.put("order", state(paid));
        seen.put("order's call ends in", String.join(", ", way.ends()));
        seen.put("payment is called by", String.join(", ", way.callers()));
        seen.put("port of payment", Integer.toString(way.port()));
        seen.put("connections on the way", Integer.toString(way.connections()));
        seen.put("hops", hops(evidence, paid.header("x-request-id")));
        ProcessFacts order = evidence.process(Way.ORDER).orElseThrow();
        seen.put("settings of order", settings(order));
        seen.put("jar of order", order.jarHash());
        return seen;
    }

    static String state(Reply reply) {
        return String.valueOf(Json.object(reply.body()).get("state"));
    }

    /** The proxies the request passed, outermost first; the gateway's own line is waited for, it is written last. */
    static String hops(Evidence evidence, String requestId) {
        List<AccessLogLine> lines = evidence.await("the gateway's line of request " + requestId, () -> {
            List<AccessLogLine> found = evidence.lines(requestId);
            return found.stream().anyMatch(line -> line.direction().equals("gateway"))
                    ? Optional.of(found)
                    : Optional.empty();
        });
        return lines.stream()
                .map(line -> Way.plain(line.process())
                        + (line.direction().equals("gateway") ? "" : " (" + line.direction() + ")"))
                .collect(Collectors.joining(" > "));
    }

    private static String settings(ProcessFacts order) {
        String proxies = order.arguments().stream()
                .filter(argument -> argument.matches("-Dhttps?\\.(proxy|nonProxy).*"))
                .map(argument -> argument.substring(2).replaceFirst("=.*", ""))
                .sorted()
                .collect(Collectors.joining(" "));
        return proxies.isEmpty() ? "no proxy" : proxies;
    }
}
