package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.node.NodeMain;
import dev.perimeter.labs.harness.node.NodeOptions;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts the local node so that it outlives the terminal: in a session of its own (setsid(1)), or where there is no such
 * command, deaf to the terminal's signals. Its input is closed.
 */
final class Detached {
    private Detached() {}

    static Process start(Checkout checkout, NodeOptions options) {
        Program program = checkout.program(ProgramModule.HARNESS);
        List<String> command = new ArrayList<>(detacher());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (options.record() != null) {
            command.add("-XX:AOTCacheOutput=" + options.record().resolve(program.artifact() + ".aot"));
        } else if (program.hasFreshCache()) {
            command.add("-XX:AOTCache=" + program.cache());
        }
        command.addAll(List.of(
                "@" + program.jvmOptions(),
                "-D" + Checkout.ROOT_PROPERTY + "=" + checkout.root(),
                "-cp",
                program.jar().toString(),
                NodeMain.class.getName()));
        command.addAll(options.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(options.home().folder().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(options).toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_") || name.startsWith("JDK_JAVA_"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Refused("The local node could not be started: " + e.getMessage(), e);
        }
    }

    static Path log(NodeOptions options) {
        return options.home().logs().resolve(RunState.NODE + ".log");
    }

    private static List<String> detacher() {
        boolean setsid =
                Stream.of("/usr/bin/setsid", "/bin/setsid").map(Path::of).anyMatch(Files::isExecutable);
        return setsid ? List.of("setsid") : List.of("/bin/sh", "-c", "trap '' HUP INT QUIT; exec \"$@\"", "local-node");
    }
}
