package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.runtime.OwnPlace;
import dev.perimeter.proxy.sidecar.admin.AdminServer;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.control.SingleControlThread;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.stream.AdsClient;
import dev.perimeter.proxy.xds.stream.Bootstrapped;
import dev.perimeter.proxy.xds.stream.Following;
import dev.perimeter.proxy.xds.stream.Readiness;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import dev.perimeter.proxy.xds.transport.GrpcTransports;
import dev.perimeter.proxy.xds.transport.Transports;
import dev.perimeter.proxy.xds.world.LastGood;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A proxy with all its parts, wired here and nowhere else. */
final class RunningProxy implements ProxyView, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningProxy.class);

    /** A control plane on the same machine or network comes back fast; Envoy's bound of 30 s is for thousands. */
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);

    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);

    /** How long requests in flight may take when the proxy is told to stop. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** An endpoint that does not answer its first check must not hold up everything else. */
    private static final Duration LONGEST_WARMING = Duration.ofSeconds(2);

    private final Bootstrap bootstrap;
    private final String bootstrapFile;
    private final InstantSource calendar;
    private final Instant started;
    private final DataPlane dataPlane;
    private final SingleControlThread control = new SingleControlThread();
    private final AdsClient ads;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final @Nullable AdminServer admin;
    private volatile boolean failsHealth;
    private volatile Runnable quit = this::stop;

    private RunningProxy(
            Bootstrap bootstrap,
            ResourceReader reader,
            DataPlaneOptions options,
            String bootstrapFile,
            @Nullable Path lastGood)
            throws IOException {
        this.bootstrap = bootstrap;
        this.bootstrapFile = bootstrapFile;
        calendar = options.calendar();
        started = calendar.instant();
        // First, because a second proxy on the same address must end before it disturbs anything.
        admin = bootstrap.admin() == null ? null : AdminServer.bind(bootstrap.admin());
        dataPlane = DataPlane.start(options.withOverload(bootstrap.overload()).withPlace(place(bootstrap)));
        ads = new AdsClient(
                following(bootstrap, lastGood == null ? null : new LastGood(lastGood)),
                transports(bootstrap, control),
                control,
                () -> new Backoff(FIRST_RETRY, SLOWEST_RETRY, new SplittableRandom()),
                reader,
                this::apply);
    }

    private static OwnPlace place(Bootstrap bootstrap) {
        Bootstrap.NodeIdentity node = bootstrap.node();
        return new OwnPlace(new Locality(node.region(), node.zone(), node.subZone(), 0, 0), bootstrap.localCluster());
    }

    private static Following following(Bootstrap bootstrap, @Nullable LastGood kept) {
        return new Following(
                bootstrap.clusters(), bootstrap.listeners(), bootstrap.firstWaits(), bootstrap.fixed(), kept);
    }

    private static Transports transports(Bootstrap bootstrap, ControlThread control) {
        return new GrpcTransports(
                bootstrap.controlPlanes(),
                bootstrap.ads(),
                NodeMessage.of(bootstrap),
                file -> new WatchedFile(Path.of(file.path()), control));
    }

    /**
     * Starts to follow the control plane; what it serves comes from there.
     *
     * @param lastGood folder where the last complete configuration is kept for a start without control plane, or null
     * @throws IOException with a sentence, when the admin address or a static listener's cannot be had, or a static resource is wrong
     */
    static RunningProxy start(
            Bootstrap bootstrap,
            List<FilterKind> filters,
            DataPlaneOptions options,
            String bootstrapFile,
            @Nullable Path lastGood)
            throws IOException {
        ResourceReader reader =
                new ResourceReader(filters, Balancers.ALL, options.jdkTls() ? TlsLibrary.JDK : TlsLibrary.best());
        String wrong = wrong(bootstrap, reader);
        if (wrong != null) {
            throw new IOException("bootstrap " + bootstrapFile + ": " + wrong);
        }
        String taken = TakenPorts.among(Bootstrapped.listeners(following(bootstrap, null), reader));
        if (taken != null) {
            throw new IOException("bootstrap " + bootstrapFile + ": " + taken);
        }
        RunningProxy proxy = new RunningProxy(bootstrap, reader, options, bootstrapFile, lastGood);
        proxy.ads.start();
        if (proxy.admin == null) {
            LOG.info("{} is up, without admin pages", proxy.name());
        } else {
            proxy.admin.serve(proxy);
            LOG.info("{} is up; admin pages at {}", proxy.name(), proxy.admin.authority());
        }
        return proxy;
    }

    /** What is wrong with the resources that stand in a bootstrap, or null. Nothing is connected for this. */
    static @Nullable String wrong(Bootstrap bootstrap, ResourceReader reader) {
        try (SingleControlThread unused = new SingleControlThread();
                Transports transports = transports(bootstrap, unused)) {
            return Bootstrapped.wrong(following(bootstrap, null), reader, transports);
        }
    }

    /** What is in force serves on while the endpoints to come are checked. */
    private CompletableFuture<List<String>> apply(Snapshot snapshot) {
        return dataPlane.warm(snapshot, LONGEST_WARMING).thenComposeAsync(checked -> serve(snapshot), control);
    }

    private CompletableFuture<List<String>> serve(Snapshot snapshot) {
        // A proxy that drains opens nothing any more.
        return draining.get() ? CompletableFuture.completedFuture(List.of()) : dataPlane.apply(snapshot);
    }

    @Override
    public @Nullable String notReady() {
        return draining() ? "draining" : Readiness.reason(ads.status(), calendar.instant());
    }

    @Override
    public boolean draining() {
        return draining.get() || failsHealth;
    }

    @Override
    public void failHealth(boolean failing) {
        failsHealth = failing;
        dataPlane.overload().endConnections(failing || draining.get());
    }

    @Override
    public void quit() {
        Thread.ofPlatform().name("quit").start(quit);
    }

    /** What {@link #quit} does; without this, {@link #stop}. */
    void onQuit(Runnable action) {
        quit = action;
    }

    @Override
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            LOG.info(
                    "draining: at most {} s for {} listeners",
                    GRACE.toSeconds(),
                    dataPlane.listeners().size());
            dataPlane.drain(GRACE).whenComplete((done, failure) -> drained.complete(null));
        }
    }

    /** Drains, then ends; waits until that is done. */
    void stop() {
        drain();
        try {
            drained.get(GRACE.plusSeconds(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("some connections did not end in time and are cut");
        } catch (InterruptedException atOnce) {
            Thread.currentThread().interrupt();
        }
        close();
        LOG.info("{} is down", name());
    }

    /** Ends at once. Again is harmless. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (admin != null) {
            admin.close();
        }
        ads.close();
        control.close();
        dataPlane.close();
    }

    @Override
    public Bootstrap bootstrap() {
        return bootstrap;
    }

    @Override
    public String bootstrapFile() {
        return bootstrapFile;
    }

    @Override
    public Instant started() {
        return started;
    }

    @Override
    public Instant now() {
        return calendar.instant();
    }

    @Override
    public DataPlane dataPlane() {
        return dataPlane;
    }

    @Override
    public XdsStatus xds() {
        return ads.status();
    }

    private String name() {
        return bootstrap.nodeId().isEmpty() ? "a proxy without a node id" : bootstrap.nodeId();
    }

    String adminAuthority() {
        if (admin == null) {
            throw new IllegalStateException("there are no admin pages");
        }
        return admin.authority();
    }
}
