package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.discovery.AdsServer;
import dev.perimeter.controlplane.discovery.Discovery;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.sources.FileSource;
import dev.perimeter.controlplane.sources.FolderReader;
import dev.perimeter.controlplane.sources.LastGood;
import dev.perimeter.controlplane.translate.Translator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts wired together: a folder becomes worlds, each world is published to the proxies and shown in the console.
 */
final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final Discovery discovery = new Discovery();
    private final Deque<Runnable> stops = new ArrayDeque<>(List.of(discovery::close));
    private final FileSource source;
    private final AdsServer ads;
    private final Console console;

    // Written by the thread that follows the folder, read by the console's.
    private volatile Translator world = new Translator(MeshConfig.EMPTY);

    private ControlPlane(Arguments arguments) throws IOException {
        // The world comes first: a proxy that connects must not be told that there is nothing.
        this.source = follow(arguments);
        stops.push(source::close);
        this.ads = listen("--xds-port", arguments.bind(), arguments.xdsPort(), at -> AdsServer.start(at, discovery));
        stops.push(ads::close);
        this.console = listen(
                "--console-port",
                arguments.bind(),
                arguments.consolePort(),
                at -> Console.start(at, () -> world, source::trouble, discovery::proxies));
        stops.push(console::close);
    }

    private FileSource follow(Arguments arguments) throws IOException {
        Path lastGood = arguments.lastGood();
        LastGood memory = lastGood == null ? LastGood.NOTHING : LastGood.in(lastGood);
        try {
            return FileSource.follow(new FolderReader(arguments.resources(), memory), this::take);
        } catch (IOException unreadable) {
            throw new IOException("The folder " + arguments.resources() + " cannot be read.", unreadable);
        }
    }

    /**
     * Starts everything; returns once proxies can connect.
     *
     * @throws IOException with a sentence for the operator
     */
    static ControlPlane start(Arguments arguments) throws IOException {
        ControlPlane started = new ControlPlane(arguments);
        LOG.info(
                "Serving {}: xDS on {}:{}, console on http://{}:{}/status",
                arguments.resources(),
                arguments.bind(),
                started.ads.port(),
                arguments.bind(),
                started.console.port());
        return started;
    }

    int xdsPort() {
        return ads.port();
    }

    int consolePort() {
        return console.port();
    }

    private interface Start<T> {
        T at(InetSocketAddress address) throws IOException;
    }

    private <T> T listen(String option, String bind, int port, Start<T> start) throws IOException {
        try {
            return start.at(new InetSocketAddress(bind, port));
        } catch (IOException refused) {
            close();
            throw new IOException(
                    "Cannot listen on " + bind + ":" + port + ": it is taken, or no address of this machine."
                            + " Stop what listens there, or choose another with --bind or " + option + ".",
                    refused);
        }
    }

    private void take(MeshConfig next) {
        Set<Problem> known = Set.copyOf(world.world().problems());
        Translator translator = new Translator(next);
        world = translator;
        LOG.info(
                "World: {} objects, {} problems",
                next.objects().size(),
                next.problems().size());
        next.problems().stream()
                .filter(problem -> !known.contains(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        discovery.publish(translator);
    }

    /** Stops in the opposite order of starting; the proxies are told to come back to somebody else. */
    @Override
    public void close() {
        stops.forEach(Runnable::run);
        LOG.info("Stopped");
    }
}
