package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.contract.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param resources the folder to follow
 * @param lastGood folder for what was last accepted of each file, null to remember nothing beyond this process
 * @param bind the address to listen on
 * @param xdsPort 0 takes a free one
 * @param consolePort 0 takes a free one
 */
record Arguments(Path resources, @Nullable Path lastGood, String bind, int xdsPort, int consolePort) {
    static final String USAGE =
            "Usage: control-plane --resources DIR [--last-good DIR] [--bind ADDRESS] [--xds-port PORT] [--console-port"
                    + " PORT]";

    /** Either arguments or the sentence that says what is wrong with them. */
    sealed interface Parsed {}

    record Good(Arguments arguments) implements Parsed {}

    record Bad(String sentence) implements Parsed {}

    static Parsed parse(List<String> words) {
        @Nullable Path resources = null;
        @Nullable Path lastGood = null;
        String bind = "127.0.0.1";
        int xdsPort = Ports.XDS;
        int consolePort = Ports.CONSOLE;
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (!List.of("--resources", "--last-good", "--bind", "--xds-port", "--console-port")
                    .contains(option)) {
                return new Bad("Unknown option " + option + ". " + USAGE);
            }
            if (i + 1 == words.size()) {
                return new Bad("The option " + option + " needs a value. " + USAGE);
            }
            String value = words.get(i + 1);
            switch (option) {
                case "--resources" -> resources = Path.of(value);
                case "--last-good" -> lastGood = Path.of(value);
                case "--bind" -> bind = value;
                default -> {
                    int port = port(value);
                    if (port < 0) {
                        return new Bad("The option " + option + " is \"" + value
                                + "\"; a port is a whole number from 0 to 65535.");
                    }
                    xdsPort = option.equals("--xds-port") ? port : xdsPort;
                    consolePort = option.equals("--console-port") ? port : consolePort;
                }
            }
        }
        if (resources == null) {
            return new Bad("The option --resources is missing. " + USAGE);
        }
        if (!Files.isDirectory(resources)) {
            return new Bad("There is no folder " + resources + "; make it, or name another with --resources.");
        }
        if (lastGood != null && overlap(resources, lastGood)) {
            return new Bad("The folders " + resources + " and " + lastGood
                    + " lie one in the other; name one apart with --last-good.");
        }
        return new Good(new Arguments(resources, lastGood, bind, xdsPort, consolePort));
    }

    /** What is remembered must not be read as a resource, nor a resource be taken for something to forget. */
    private static boolean overlap(Path one, Path other) {
        Path first = one.toAbsolutePath().normalize();
        Path second = other.toAbsolutePath().normalize();
        return first.startsWith(second) || second.startsWith(first);
    }

    private static int port(String value) {
        if (!value.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(value);
        return port <= 65535 ? port : -1;
    }
}
