package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.evidence.Connection;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.ProcessFacts;
import dev.perimeter.labs.harness.evidence.SocketTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way from order to payment at one moment, as the socket table shows it: which process each connection ends in.
 *
 * @param ends processes at the far end of the connections that order's own process opened towards payment
 * @param callers processes at the far end of the connections that payment's own processes accepted
 * @param connections how many TCP connections lie one behind the other between the two
 * @param port port of payment that order calls now
 */
record Way(Set<String> ends, Set<String> callers, int connections, int port) {

    static final String ORDER = "order-processor-0";
    private static final int REST = 8080;
    private static final int GRPC = 9090;
    static final Set<Integer> PAYMENT_PORTS = Set.of(REST, GRPC);
    static final int OUTBOUND = 15001;

    /** The way after an order; waits until payment's end can be seen. */
    static Way look(Evidence evidence) {
        return evidence.await("a connection that ends in payment", () -> {
            Way way = read(evidence, evidence.sockets());
            return way.ends().isEmpty() || way.callers().isEmpty() ? Optional.empty() : Optional.of(way);
        });
    }

    private static Way read(Evidence evidence, SocketTable table) {
        Set<String> ends = new TreeSet<>();
        Set<String> callers = new TreeSet<>();
        Set<Integer> ports = new TreeSet<>();
        List<String> processes = evidence.processes();
        for (String name : processes) {
            for (Connection each : open(evidence, table, name)) {
                Optional<String> peer = table.peer(each).flatMap(evidence::nameOf);
                boolean calls = PAYMENT_PORTS.contains(each.remotePort()) || each.remotePort() == OUTBOUND;
                if (peer.isEmpty()) {
                    continue;
                }
                if (name.equals(ORDER) && calls) {
                    ends.add(plain(peer.get()));
                }
                boolean payment = name.startsWith("payment") && !name.endsWith("-proxy");
                if (payment && PAYMENT_PORTS.contains(each.localPort())) {
                    callers.add(plain(peer.get()));
                    ports.add(each.localPort());
                }
            }
        }
        boolean proxied = ends.stream().anyMatch(end -> end.endsWith("proxy"))
                && callers.stream().allMatch(caller -> caller.endsWith("proxy"));
        return new Way(ends, callers, proxied ? 3 : 1, called(ports));
    }

    /**
     * A proxy keeps connections for further requests, so one on REST's port may be left from before. It relays gRPC as
     * bytes, and such a connection lasts exactly as long as order's own.
     */
    private static int called(Set<Integer> open) {
        return open.contains(GRPC) ? GRPC : REST;
    }

    private static List<Connection> open(Evidence evidence, SocketTable table, String name) {
        List<Connection> open = new ArrayList<>();
        evidence.process(name).map(ProcessFacts::pid).ifPresent(pid -> open.addAll(table.of(pid)));
        open.removeIf(each -> each.state() != Connection.State.ESTABLISHED);
        return open;
    }

    /** {@code payment-v1-0-proxy} becomes {@code payment's proxy}: which of two equals answers is left to chance. */
    static String plain(String process) {
        String service = process.startsWith("payment") ? "payment" : process.replaceFirst("-[0-9]+(-proxy)?$", "");
        return process.endsWith("-proxy") ? service + "'s proxy" : service;
    }
}
