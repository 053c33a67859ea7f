package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.evidence.AccessLogLine;
import dev.perimeter.labs.harness.evidence.AccessLogTail;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.HopLine;
import dev.perimeter.labs.harness.evidence.MeshEvidence;
import dev.perimeter.labs.harness.evidence.Reply;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab watch NN}: prints each hop of each request as it is passed, until you press Ctrl-C. */
@Command(name = "watch", description = "Prints the hops of requests as they cross the mesh, until Ctrl-C.")
final class WatchCommand implements Runnable {
    private static final long PAUSE_NANOS = 100_000_000;

    @Parameters(paramLabel = "NN", arity = "0..1", description = "Number of the lab.")
    private String number = "";

    @Option(names = "--order", description = "Places an order first, shows its hops, and ends.")
    private boolean order;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        var mesh = Here.mesh();
        if (mesh.state().isEmpty()) {
            throw new Refused("The mesh is down; scripts/lab up starts it.");
        }
        if (!number.isEmpty()) {
            LabHere.find(number);
        }
        if (order) {
            order(new MeshEvidence(mesh.home()), out);
            return;
        }
        AccessLogTail tail = AccessLogTail.fromNow(mesh.home());
        out.println("Waiting for requests; place one from another terminal: scripts/lab order");
        out.flush();
        while (!Thread.currentThread().isInterrupted()) {
            tail.fresh().forEach(line -> out.println(HopLine.of(line)));
            out.flush();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Places one order and prints its hops, once the outermost has been logged. */
    private static void order(Evidence evidence, PrintWriter out) {
        Reply reply = evidence.order();
        String request = reply.header("x-request-id");
        if (request.isEmpty()) {
            throw new Refused("The order was answered " + reply.status() + " without a request id.");
        }
        evidence.await("the gateway's line of " + request, () -> {
                    List<AccessLogLine> lines = evidence.lines(request);
                    return lines.stream().anyMatch(line -> line.direction().equals("gateway"))
                            ? Optional.of(lines)
                            : Optional.empty();
                })
                .forEach(line -> out.println(HopLine.of(line)));
        out.flush();
    }
}
