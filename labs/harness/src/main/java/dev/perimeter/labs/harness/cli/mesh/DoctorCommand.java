package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.doctor.Doctor;
import dev.perimeter.labs.harness.doctor.Finding;
import dev.perimeter.labs.harness.mesh.Mesh;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab doctor}: whether this machine can run the mesh, with numbers, before it is tried. */
@Command(name = "doctor", description = "Checks what the mesh needs of this machine: JDK, ports, memory, addresses.")
final class DoctorCommand implements Callable<Integer> {
    private static final int SOMETHING_MISSING = 1;

    @Option(
            names = "--fix",
            description = "Also runs the commands that mend what can be mended (macOS: asks for sudo).")
    private boolean fix;

    @Option(names = "--port", paramLabel = "PORT", description = "The gateway's port to check for (8080).")
    private int port = 8080;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Terminal.out(spec);
        Mesh mesh = Here.mesh();
        List<Finding> findings = new Doctor(mesh, port).examine();
        for (Finding finding : findings) {
            out.println((finding.good() ? "ok       " : "MISSING  ") + finding.sentence());
            finding.mend().forEach(command -> out.println("           " + String.join(" ", command)));
            if (fix && !finding.good()) {
                out.flush();
                Doctor.run(finding.mend());
            }
        }
        out.flush();
        return findings.stream().allMatch(Finding::good) ? 0 : SOMETHING_MISSING;
    }
}
