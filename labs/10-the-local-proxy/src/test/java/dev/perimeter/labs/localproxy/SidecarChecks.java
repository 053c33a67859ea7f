package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.evidence.AccessLogLine;
import dev.perimeter.labs.harness.evidence.Before;
import dev.perimeter.labs.harness.evidence.Connection;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.ProcessFacts;
import dev.perimeter.labs.harness.evidence.Reply;
import dev.perimeter.labs.harness.evidence.SocketTable;
import dev.perimeter.labs.harness.fault.Faults;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Lab;
import dev.perimeter.labs.harness.vocabulary.Off;
import dev.perimeter.labs.harness.vocabulary.On;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

/** What is so without the proxies, and what is so with them. */
@Lab(10)
class SidecarChecks {

    private static final Set<String> MAY_DIFFER = Set.of(
            "-Dhttp.proxyHost", "-Dhttp.proxyPort", "-Dhttps.proxyHost", "-Dhttps.proxyPort", "-Dhttp.nonProxyHosts");

    private final LocalProxyScenario scenario = new LocalProxyScenario();

    @Off("sidecar")
    @Graded(points = 0, criterion = "run", group = "off", hint = "10.11")
    @DisplayName("Without proxies, order's connection ends in payment's process")
    void callEndsInPayment(Evidence evidence, Story story) {
        story.did("Placed", "an order");
        Map<String, String> seen = scenario.observe(evidence);
        story.expect("order's call ends in payment, and nobody else calls payment");
        story.same(seen.get("order's call ends in"), "payment", "somebody stands in between");
        story.same(seen.get("payment is called by"), "order-processor", "somebody stands in between");
        story.expect("only the gateway logged the request");
        story.same(seen.get("hops"), "gateway", "more proxies than the one at the door");
    }

    @Off("sidecar")
    @Graded(points = 0, criterion = "run", group = "off", hint = "10.12", shows = "S34")
    @DisplayName("Without proxies, a cut link is waited out by the application itself")
    void cutLinkIsWaitedOut(Evidence evidence, Faults faults, Story story) {
        try (Faults.Fault _ = faults.cutLinkTo("payment")) {
            story.did("Cut", "the link to payment, then placed an order");
            Reply reply = evidence.order();
            story.expect("order's own process stands there connecting");
            story.same(connecting(evidence, Way.ORDER), "order-processor", "nobody waits");
            story.expect("the order is left PENDING by order's own time-out");
            story.same(outcome(reply), "PENDING, payment could not be reached", "another answer came");
        }
    }

    @On("sidecar")
    @Graded(
            points = 0,
            criterion = "run",
            group = "on",
            hint = "10.21",
            shows = {"S31", "S32", "S50a"})
    @DisplayName("With proxies, the call takes three connections and passes both proxies")
    void callPassesBothProxies(Evidence evidence, Story story) {
        story.did("Placed", "an order");
        Map<String, String> seen = scenario.observe(evidence);
        story.expect("the connection that order opened was accepted by order's own proxy");
        story.same(seen.get("order's call ends in"), "order-processor's proxy", "not the process beside it");
        story.expect("payment has connections from its own proxy only");
        story.same(seen.get("payment is called by"), "payment's proxy", "not the process beside it");
        story.expect("the request was logged by each proxy on its way");
        story.same(
                seen.get("hops"),
                "gateway > order-processor's proxy (inbound) > order-processor's proxy (outbound)"
                        + " > payment's proxy (inbound)",
                "another way");
        story.expect("only the crossing between the two proxies leaves an address of a workload");
        story.same(remoteCrossings(evidence), "1", "remote crossings between order and payment");
    }

    @On("sidecar")
    @Graded(points = 0, criterion = "run", group = "on", hint = "10.22", shows = "S33")
    @DisplayName("The application is the same program; only its proxy settings differ")
    void applicationIsUnaware(Evidence evidence, Before before, Story story) {
        ProcessFacts off = before.processes().get(Way.ORDER);
        ProcessFacts on = evidence.process(Way.ORDER).orElseThrow();
        if (off == null) {
            throw story.butGot("no such process while the toggle was off", "", "");
        }
        story.did("Compared", "order's process with the one that ran without a proxy");
        story.expect("the same jar");
        story.same(on.jarHash(), off.jarHash(), "another program");
        story.expect("no argument differs but the proxy settings");
        story.same(String.join(" ", unexpected(on.argumentsBeyond(off))), "", "this one does");
        story.same(String.join(" ", unexpected(off.argumentsBeyond(on))), "", "this one is gone");
        story.expect("no variable differs but the address it listens on");
        story.same(String.join(" ", variables(on.environmentBeyond(off))), "SERVER_ADDRESS", "");
    }

    private static List<String> unexpected(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> !MAY_DIFFER.contains(argument.replaceFirst("=.*", "")))
                .toList();
    }

    private static List<String> variables(List<String> environment) {
        return environment.stream()
                .map(variable -> variable.replaceFirst("=.*", ""))
                .toList();
    }

    @On("sidecar")
    @Graded(points = 0, criterion = "run", group = "on", hint = "10.23", shows = "S34")
    @DisplayName("With proxies, a cut link becomes a local answer with a reason")
    void cutLinkIsAnswered(Evidence evidence, Faults faults, Story story) {
        String proxy = evidence.address(Way.ORDER + "-proxy").orElseThrow().replaceFirst(":.*", ":" + Way.OUTBOUND);
        try (Faults.Fault _ = faults.cutLinkTo("payment")) {
            story.did("Cut", "the link to payment, then called it as order does, through order's proxy");
            Reply reply = evidence.get(Optional.of(proxy), "http://payment:8080/charges/none");
            story.expect("a 503 made by the proxy, with its reason");
            story.same(Integer.toString(reply.status()), "503", "the status");
            if (reply.header("x-proxy-reason").isEmpty()) {
                throw story.butGot("no header x-proxy-reason", "x-proxy-reason", "who answered?");
            }
            story.did("Placed", "an order");
            Reply order = evidence.order();
            story.expect("order was answered, did not have to wait itself, and keeps the order");
            story.same(outcome(order), "PENDING, payment answered 503", "another answer came");
        }
    }

    @On("transport")
    @Graded(points = 0, criterion = "run", group = "on", hint = "10.24", shows = "S50c")
    @DisplayName("gRPC passes the same two proxies")
    void grpcPassesBothProxies(Evidence evidence, Story story) {
        story.did("Placed", "an order; order calls payment by gRPC now");
        Map<String, String> seen = scenario.observe(evidence);
        story.expect("the same way, to payment's gRPC port");
        story.same(seen.get("order's call ends in"), "order-processor's proxy", "grpc passed the proxy by");
        story.same(seen.get("payment is called by"), "payment's proxy", "grpc passed the proxy by");
        story.same(seen.get("port of payment"), "9090", "not gRPC");
        story.expect("each proxy read the call and logged it");
        story.same(
                seen.get("hops"),
                "gateway > order-processor's proxy (inbound) > order-processor's proxy (outbound)"
                        + " > payment's proxy (inbound)",
                "relayed as bytes");
        story.did("Placed", "another order and read what payment's proxy logged of it");
        AccessLogLine inner = innermost(evidence, evidence.order().header("x-request-id"));
        story.expect("HTTP/2, with the status that gRPC puts into the trailers");
        story.same(inner.field("protocol"), "HTTP/2", "another protocol");
        story.same(inner.field("grpc_status"), "0", "the trailers were not read");
    }

    private static AccessLogLine innermost(Evidence evidence, String requestId) {
        return evidence.await(
                "the line of payment's proxy",
                () -> evidence.lines(requestId).stream()
                        .filter(line -> line.process().startsWith("payment"))
                        .findFirst());
    }

    /** Which workload has a connection under way that nobody answers. */
    private static String connecting(Evidence evidence, String process) {
        return evidence.await("a connection of " + process + " that nobody answers", () -> {
            SocketTable table = evidence.sockets();
            return evidence.process(process)
                    .filter(facts ->
                            table.of(facts.pid()).stream().anyMatch(each -> each.state() == Connection.State.SYN_SENT))
                    .map(facts -> Way.plain(facts.name()));
        });
    }

    private static String outcome(Reply reply) {
        Map<String, ?> order = Json.object(reply.body());
        return order.get("state") + ", " + order.get("reason");
    }

    /** Connections from order's proxy to payment's; those inside one workload do not count, they cross nothing. */
    private static String remoteCrossings(Evidence evidence) {
        SocketTable table = evidence.sockets();
        ProcessFacts proxy = evidence.process(Way.ORDER + "-proxy").orElseThrow();
        long targets = table.of(proxy.pid()).stream()
                .filter(each -> each.state() == Connection.State.ESTABLISHED)
                .filter(each -> Way.PAYMENT_PORTS.contains(each.remotePort()))
                .filter(each -> table.peer(each)
                        .flatMap(evidence::nameOf)
                        .filter(name -> name.startsWith("payment"))
                        .isPresent())
                .map(Connection::remotePort)
                .distinct()
                .count();
        return Long.toString(targets);
    }
}
