package dev.perimeter.shop.order;

import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** One order processor on a free port, with a customer at its door and little patience. */
final class RunningOrderProcessor implements AutoCloseable {

    private final ServletWebServerApplicationContext context;
    private final Customer customer;

    RunningOrderProcessor(TestDatabase database, String... payment) {
        context = (ServletWebServerApplicationContext)
                SpringApplication.run(OrderProcessor.class, arguments(0, database, payment));
        customer = new Customer(context.getWebServer().getPort());
    }

    static String[] arguments(int port, TestDatabase database, String... payment) {
        var fixed = Stream.of(
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--payment.timeout=400ms",
                "--settlement.interval=100ms",
                "--settlement.longest-pause=500ms",
                "--spring.datasource.hikari.connection-timeout=500");
        return Stream.of(fixed, Stream.of(database.settings()), Stream.of(payment))
                .flatMap(settings -> settings)
                .toArray(String[]::new);
    }

    Customer customer() {
        return customer;
    }

    @Override
    public void close() {
        customer.close();
        context.close();
    }
}
