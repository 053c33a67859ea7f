package dev.perimeter.labs.tour;

import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Lab;
import dev.perimeter.labs.harness.vocabulary.Off;
import dev.perimeter.labs.harness.vocabulary.On;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

/** The order arrives either way; who carries it is what the switch changes. */
@Lab(0)
class TourChecks {

    private final TourScenario scenario = new TourScenario();

    @Off("sidecar")
    @Graded(points = 0, criterion = "run", group = "off", hint = "0.1")
    @DisplayName("Without the proxies, the order arrives and only the gateway has seen it")
    void onlyTheGateway(Evidence evidence, Story story) {
        story.did("Placed", "an order").expect("PAID, and one hop");
        Map<String, String> seen = scenario.observe(evidence);
        story.same(seen.get("proxies beside services"), "0", "these should be gone");
        story.same(seen.get("hops"), "1: gateway", "more than the gateway carried it");
    }

    @On("sidecar")
    @Graded(points = 0, criterion = "run", group = "on", hint = "0.2")
    @DisplayName("With the proxies, the order arrives by way of both")
    void bothProxies(Evidence evidence, Story story) {
        story.did("Placed", "an order").expect("PAID, and four hops");
        Map<String, String> seen = scenario.observe(evidence);
        story.same(seen.get("proxies beside services"), "3", "one for each of three pods");
        story.same(
                seen.get("hops"),
                "4: gateway > order-processor's proxy > order-processor's proxy > payment's proxy",
                "another way");
    }
}
