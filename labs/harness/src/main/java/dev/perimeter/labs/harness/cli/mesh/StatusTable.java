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
                    process.reason().isEmpty()
                            ? (process.version() == null ? "" : process.version())
                            : process.reason()));
        }
        if (!status.processes().isEmpty()) {
            table.print(out);
        }
        out.println(status.summary());
    }
}
