package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.filter.Parsed;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is told when it is started.
 *
 * @param bootstrap Envoy's bootstrap; null when only help is asked for
 * @param lastGood folder of the last good configuration, or null
 */
record CommandLine(@Nullable Path bootstrap, @Nullable Path lastGood) {

    static String usage(String program) {
        return "usage: " + program + " --bootstrap FILE [--last-good DIR]";
    }

    static String help(String program) {
        return usage(program) + """


              --bootstrap FILE  where to begin, in the words of Envoy's bootstrap, YAML or JSON
              --last-good DIR   keep the last complete configuration here, and begin with it while no
                                control plane answers
              --help            print this

            The access log goes to standard output, everything else to standard error. SIGTERM and SIGINT
            end the proxy when its requests have ended, 5 s later at most; a second signal ends it at once.
            Exit codes: 0 ended as asked, 1 could not start, 2 wrong command line, 137 ended by a second signal.
            """;
    }

    /** The options, or what is wrong with them. */
    static Parsed<CommandLine> parse(String... arguments) {
        Path bootstrap = null;
        Path lastGood = null;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--help")) {
                return new Parsed.Ok<>(new CommandLine(null, null));
            }
            if (!option.equals("--bootstrap") && !option.equals("--last-good")) {
                return new Parsed.Bad<>(option, "is no option");
            }
            if (++i == arguments.length || arguments[i].isEmpty()) {
                return new Parsed.Bad<>(option, "needs a value");
            }
            Path value = Path.of(arguments[i]);
            if (option.equals("--bootstrap")) {
                bootstrap = value;
            } else {
                lastGood = value;
            }
        }
        return bootstrap == null
                ? new Parsed.Bad<>("--bootstrap", "is missing")
                : new Parsed.Ok<>(new CommandLine(bootstrap, lastGood));
    }
}
