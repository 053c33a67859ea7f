package dev.perimeter.labs.harness.workload;

import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import dev.perimeter.labs.harness.site.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What launching needs to know besides the resources.
 *
 * @param java the JVM's binary
 * @param record folder to record ahead-of-time caches into; null to use those there are
 */
public record Surroundings(
        Checkout checkout,
        LabHome home,
        RunState.Settings settings,
        Path java,
        @Nullable Path record) {
    /**
     * Variable that sets the level of Netty's leak detection in every process of the mesh, over that of its options.
     * Tests set it to paranoid; the processes report what leaks to their logs.
     */
    private static final String LEAK_DETECTION = "LAB_LEAK_DETECTION";

    private static final List<String> KEPT_VARIABLES =
            List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ");

    Site site() {
        return settings.site();
    }

    Path log(String name) {
        return home.logs().resolve(name + ".log");
    }

    /**
     * The start of a JVM's command line. The hosts file comes first: it makes the mesh's names known to the process,
     * and it tells whose process this is should its number get lost.
     */
    List<String> jvm(ProgramModule module) {
        return List.of(
                java.toString(), ownMark(home), "@" + checkout.program(module).jvmOptions());
    }

    /** The argument that every JVM of the mesh in {@code home} carries, and no other process. */
    public static String ownMark(LabHome home) {
        return "-Djdk.net.hosts.file=" + home.hosts();
    }

    /** The environment of a process: that of the machine, without what only concerns this shell. */
    static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>();
        for (String name : KEPT_VARIABLES) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putAll(more);
        return environment;
    }

    /**
     * The options that make a program start faster, or that record what will: each program once, by its first process.
     */
    final class Caches {
        private final Set<ProgramModule> recorded = new HashSet<>();

        List<String> options(ProgramModule module) {
            Program program = checkout.program(module);
            if (record != null) {
                return recorded.add(module)
                        ? List.of("-XX:AOTCacheOutput=" + record.resolve(program.artifact() + ".aot"))
                        : List.of();
            }
            return program.hasFreshCache() ? List.of("-XX:AOTCache=" + program.cache()) : List.of();
        }
    }

    /** The whole command line of a program's jar. */
    List<String> jar(ProgramModule module, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(jvm(module));
        String leakDetection = System.getenv(LEAK_DETECTION);
        if (leakDetection != null) {
            command.add("-Dio.netty.leakDetection.level=" + leakDetection);
        }
        command.addAll(options);
        command.add("-jar");
        command.add(checkout.program(module).jar().toString());
        command.addAll(arguments);
        return command;
    }
}
