package dev.perimeter.shop.order;

import static dev.perimeter.shop.order.Customer.newCard;
import static dev.perimeter.shop.order.Customer.tea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.shop.order.PaymentStandIn.Act;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A real process, killed by the kernel between storing an order and hearing from payment. */
final class KilledProcessTest {

    private static final File LOG = new File("target/killed-process.log");

    @Test
    void orderInFlight_whenTheProcessIsKilled_isPaidByTheNextOne() throws Exception {
        try (var database = TestDatabase.h2();
                var payment = new RestStandIn()) {
            var card = newCard("killed");
            payment.script(card, Act.CHARGE_AND_RESET, Act.HANG, Act.HANG, Act.HANG, Act.HANG, Act.HANG, Act.HANG);
            var port = freePort();
            var process = start(port, database, payment);
            String order;
            try (var customer = new Customer(port)) {
                awaitReady(customer);
                order = customer.order(tea(card)).header("location");
                await().until(() -> payment.calls(card).size() == 2);
            } finally {
                process.destroyForcibly().waitFor();
            }
            payment.script(card);
            try (var next = new RunningOrderProcessor(database, payment.settings())) {
                next.customer().awaitState(order, "PAID");
                assertThat(next.customer().states(order)).containsExactly("PENDING", "PAID");
                assertThat(payment.calls(card).stream()
                                .map(PaymentStandIn.Call::key)
                                .distinct())
                        .hasSize(1);
            }
        }
    }

    @Test
    void sigterm_endsTheProcessInOrder() throws Exception {
        try (var database = TestDatabase.h2();
                var payment = new RestStandIn()) {
            var port = freePort();
            var process = start(port, database, payment);
            try (var customer = new Customer(port)) {
                awaitReady(customer);
            }
            process.destroy();
            assertThat(process.waitFor(Duration.ofSeconds(10))).isTrue();
            // 128 + SIGTERM: the JVM's own exit code once its shutdown hooks are done.
            assertThat(process.exitValue()).isEqualTo(143);
        }
    }

    private static Process start(int port, TestDatabase database, PaymentStandIn payment) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OrderProcessor.class.getName()));
        Collections.addAll(command, RunningOrderProcessor.arguments(port, database, payment.settings()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(LOG))
                .start();
    }

    private static void awaitReady(Customer customer) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> customer.get("/actuator/health/readiness").status() == 200);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
