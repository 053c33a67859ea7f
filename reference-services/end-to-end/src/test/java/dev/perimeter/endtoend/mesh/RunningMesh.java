package dev.perimeter.endtoend.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.labs.harness.evidence.Alarm;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.shop.OrderLoad;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderLoad.Request;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A mesh of the real processes on a site and in a folder of its own, and the shop's books behind it. */
final class RunningMesh implements AutoCloseable {
    private static final Duration UP_BOUND = Duration.ofMinutes(3);

    /** How old a pending order may be once everything runs again. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private static final int IN_FLIGHT = 10;

    private final Mesh mesh;
    private final UpOptions options;
    private final List<Pattern> warnings;

    /** @param warnings what the processes may warn of because of what the story does to them; see {@link Alarm} */
    RunningMesh(Path home, String... warnings) throws IOException {
        this.warnings = Stream.of(warnings).map(Pattern::compile).toList();
        this.mesh = Mesh.open(Checkout.find(), new LabHome(home));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.options = new UpOptions(free.getLocalPort(), null, UP_BOUND, null);
        }
        up();
    }

    Mesh mesh() {
        return mesh;
    }

    /** Starts what does not run; fails unless everything does afterwards. */
    void up() {
        MeshStatus status = mesh.up(options, Progress.SILENT);
        assertThat(status.allReady()).as(status.toString()).isTrue();
        assertThat(status.processes())
                .filteredOn(ProcessStatus::takesConfig)
                .allSatisfy(
                        proxy -> assertThat(proxy.version()).as(proxy.name()).isNotNull());
    }

    static List<Request> orders(int count) {
        return Stream.generate(() -> new Request(UUID.randomUUID().toString(), Shop.SAMPLE))
                .limit(count)
                .toList();
    }

    List<Outcome> place(List<Request> orders, IntConsumer done) {
        return new OrderLoad(new Shop(mesh.url("gateway")), IN_FLIGHT).place(orders, done);
    }

    /** SIGKILL; returns once the process is gone. */
    void kill(String process) {
        ProcessId id = Objects.requireNonNull(
                Objects.requireNonNull(mesh.process(process).process()).id());
        id.kill();
        await().until(() -> !id.alive());
    }

    /** Every order settled, every paid order charged once, nothing charged without an order. */
    void assertBooksBalance() {
        await().atMost(SETTLED)
                .untilAsserted(() -> assertThat(count("orders", "purchase_order where state = 'PENDING'"))
                        .as("pending orders")
                        .isZero());
        long paid = count("orders", "purchase_order where state = 'PAID'");
        assertThat(count("orders", "purchase_order")).as("orders that are paid").isEqualTo(paid);
        assertThat(count("payments", "charge")).as("charges").isEqualTo(paid);
    }

    long count(String database, String what) {
        String url = "jdbc:h2:tcp://%s/./%s".formatted(mesh.process("database").address(), database);
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                ResultSet rows = connection.createStatement().executeQuery("select count(*) from " + what)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends the mesh; fails if a process warned of anything else, a leaked buffer above all. */
    @Override
    public void close() {
        mesh.down(Progress.SILENT);
        assertThat(Alarm.of(mesh.home()))
                .as("unexpected warnings of the mesh's processes")
                .filteredOn(alarm -> warnings.stream()
                        .noneMatch(each -> each.matcher(alarm.toString()).find()))
                .isEmpty();
    }
}
