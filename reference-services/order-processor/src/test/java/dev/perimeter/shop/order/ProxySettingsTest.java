package dev.perimeter.shop.order;

import static dev.perimeter.shop.order.Customer.newCard;
import static dev.perimeter.shop.order.Customer.tea;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process's standard proxy settings are all it takes to put something between this service and payment. */
final class ProxySettingsTest {

    private final BlockingQueue<String> requestLines = new LinkedBlockingQueue<>();
    private ServerSocket proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
        for (var scheme : new String[] {"http", "https"}) {
            System.setProperty(scheme + ".proxyHost", "127.0.0.1");
            System.setProperty(scheme + ".proxyPort", Integer.toString(proxy.getLocalPort()));
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (var scheme : new String[] {"http", "https"}) {
            System.clearProperty(scheme + ".proxyHost");
            System.clearProperty(scheme + ".proxyPort");
        }
        proxy.close();
    }

    /** No name is resolved on the way: only the proxy has to know what "payment" is. */
    @ParameterizedTest
    @CsvSource({"rest, POST http://payment:8080/charges HTTP/1.1", "grpc, CONNECT payment:9090 HTTP/1.1"})
    void payment_withAProxySet_isAskedForByNameThroughIt(String transport, String requestLine) throws Exception {
        try (var database = TestDatabase.h2();
                var processor = new RunningOrderProcessor(database, "--payment.transport=" + transport)) {
            var placed = processor.customer().order(tea(newCard("proxied")));
            assertThat(placed.status()).isEqualTo(201);
            assertThat(placed.text("state")).isEqualTo("PENDING");
            assertThat(requestLines.poll(10, TimeUnit.SECONDS)).isEqualTo(requestLine);
        }
    }

    /** Notes what is asked for, and hangs up. */
    private void accept() {
        try {
            while (true) {
                try (var socket = proxy.accept();
                        var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)) {
                    var line = new BufferedReader(in).readLine();
                    if (line != null) {
                        requestLines.add(line);
                    }
                }
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }
}
