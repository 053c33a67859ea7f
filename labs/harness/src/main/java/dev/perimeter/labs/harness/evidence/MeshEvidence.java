package dev.perimeter.labs.harness.evidence;

import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Evidence of a mesh of processes on this machine, found through its {@code run.json}, which is read anew each time. */
public final class MeshEvidence implements Evidence {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final LabHome home;
    private final HttpProbe http = new HttpProbe();

    public MeshEvidence(LabHome home) {
        this.home = home;
    }

    private RunState state() {
        return RunState.read(home.runFile())
                .orElseThrow(() -> new AssertionError("there is no mesh at " + home.folder()));
    }

    private Optional<RunningProcess> running(String name) {
        return state().alive().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    @Override
    public List<String> processes() {
        return state().alive().stream().map(RunningProcess::name).toList();
    }

    @Override
    public Optional<ProcessFacts> process(String name) {
        return running(name).map(RunningProcess::id).flatMap(id -> ProcessFacts.read(name, id.pid()));
    }

    @Override
    public Optional<String> address(String process) {
        return running(process).map(RunningProcess::address);
    }

    @Override
    public List<AccessLogLine> lines(String requestId) {
        return state().processes().stream()
                .flatMap(each -> log(each).filter(line -> line.of(requestId)))
                .sorted(AccessLogLine.OUTERMOST_FIRST)
                .toList();
    }

    @Override
    public List<AccessLogLine> log(String process) {
        return state().processes().stream()
                .filter(each -> each.name().equals(process))
                .flatMap(MeshEvidence::log)
                .toList();
    }

    private static Stream<AccessLogLine> log(RunningProcess process) {
        Path file = process.accessLog();
        if (file == null || !Files.isRegularFile(file)) {
            return Stream.empty();
        }
        try {
            return Arrays.stream(Files.readString(file).split("\n"))
                    .map(line -> AccessLogLine.parse(process.name(), line))
                    .flatMap(Optional::stream);
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }

    @Override
    public Optional<String> admin(String process, String path) {
        return running(process)
                .map(each -> each.probe().host() + ":" + Ports.ADMIN)
                .flatMap(address -> http.tryGet(Optional.empty(), "http://" + address + path))
                .filter(reply -> reply.status() == 200)
                .map(Reply::body);
    }

    @Override
    public SocketTable sockets() {
        return SocketTable.read(state().alive().stream()
                .map(RunningProcess::id)
                .filter(Objects::nonNull)
                .map(id -> id.pid())
                .toList());
    }

    @Override
    public Optional<String> nameOf(long pid) {
        return state().alive().stream()
                .filter(each -> each.id() != null && each.id().pid() == pid)
                .map(RunningProcess::name)
                .findFirst();
    }

    @Override
    public Reply order() {
        return http.post(gateway() + "/orders", UUID.randomUUID().toString(), Shop.SAMPLE);
    }

    private String gateway() {
        return "http://127.0.0.1:" + state().settings().gatewayPort();
    }

    @Override
    public Optional<String> orderState(String location) {
        return http.tryGet(Optional.empty(), gateway() + location)
                .filter(reply -> reply.status() == 200)
                .map(reply -> String.valueOf(Json.object(reply.body()).get("state")));
    }

    @Override
    public Reply get(Optional<String> proxy, String url) {
        return http.tryGet(proxy, url).orElseThrow(() -> new AssertionError("no answer from " + url));
    }

    @Override
    public <T> T await(String what, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come within " + LONGEST.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
