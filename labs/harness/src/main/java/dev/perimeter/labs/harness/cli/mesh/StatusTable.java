package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.cli.Columns;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import java.io.PrintWriter;
import java.util.List;

/** What runs, where, under which number and with which config: one line a process. */
final class StatusTable {
    private StatusTable() {}

    static void print(MeshStatus status, PrintWriter out) {
        Columns table = new Columns(List.of("WHAT", "STATE", "WHERE", "PID", "CONFIG"));
        for (ProcessStatus process : status.processes()) {
            table.add(List.of(
                    process.name(),
                    process.state().word(),
                    process.address(),
                    process.pid() == null ? "-" : process.pid().toString(),
                    config(process)));
        }
        if (!status.processes().isEmpty()) {
            table.print(out);
        }
        out.println(status.summary());
        if (!status.problems().isEmpty()) {
            out.println("Not accepted; what was accepted before stays in force:");
            status.problems().forEach(problem -> out.println("  " + problem));
        }
    }

    private static String config(ProcessStatus process) {
        if (!process.reason().isEmpty()) {
            return process.reason();
        }
        if (process.version() != null) {
            return process.version();
        }
        // The control plane is dead, or young and this proxy has not come back to it yet; traffic goes on.
        return process.takesConfig() ? "no stream to the control plane; goes on with its last config" : "";
    }
}
