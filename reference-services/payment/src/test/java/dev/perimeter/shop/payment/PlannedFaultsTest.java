package dev.perimeter.shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.shop.contracts.CreateChargeRequest;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The lab's faults, one running payment for each. */
final class PlannedFaultsTest {

    private static final Metadata.Key<String> MARK = Metadata.Key.of("x-lab-fault", Metadata.ASCII_STRING_MARSHALLER);
    private static final String TEA = """
        {"amount":900,"currency":"EUR","card":"tok_visa"}\
        """;

    @Test
    void errorEverySecondCall_isMarkedAndChargesNothing() {
        try (var payment = lab("--lab.fault.error-every=2")) {
            assertThat(payment.charge("a", TEA).status()).isEqualTo(201);
            var failed = payment.charge("b", TEA);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.header("x-lab-fault")).isEqualTo("error");
            assertThat(failed.header("content-type")).startsWith("application/problem+json");
            assertThat(payment.get("/charges").json().path("charges").size()).isEqualTo(1);
            assertThatThrownBy(() -> payment.grpc().createCharge(tea("c")))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            error -> assertThat(error.getTrailers().get(MARK)).isEqualTo("error"));
            assertThat(payment.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(payment.get("/actuator/health/readiness").status()).isEqualTo(200);
        }
    }

    @Test
    void delay_isMarkedByRestAndByGrpc() {
        try (var payment = lab("--lab.fault.delay=150ms")) {
            var begin = System.nanoTime();
            var late = payment.charge("a", TEA);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            assertThat(late.status()).isEqualTo(201);
            assertThat(late.header("x-lab-fault")).isEqualTo("delay");
            var headers = new AtomicReference<Metadata>();
            payment.grpc()
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                    .createCharge(tea("b"));
            assertThat(headers.get().get(MARK)).isEqualTo("delay");
        }
    }

    @Test
    void hang_givesNoAnswerWhileItLasts() {
        try (var payment = lab("--lab.fault.hang=2s")) {
            assertThatThrownBy(() -> payment.grpc()
                            .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                            .createCharge(tea("a")))
                    .hasMessageContaining("DEADLINE_EXCEEDED");
            var ended = payment.charge("b", TEA);
            assertThat(ended.status()).isEqualTo(503);
            assertThat(ended.header("x-lab-fault")).isEqualTo("hang");
        }
    }

    @Test
    void profileWithoutProperties_doesNothing() {
        try (var payment = lab()) {
            var served = payment.charge("a", TEA);
            assertThat(served.status()).isEqualTo(201);
            assertThat(served.header("x-lab-fault")).isEmpty();
        }
    }

    private static RunningPayment lab(String... faults) {
        var settings = java.util.Arrays.copyOf(faults, faults.length + 2);
        settings[faults.length] = "--spring.profiles.active=lab";
        settings[faults.length + 1] = "--spring.datasource.url=jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1";
        return new RunningPayment(settings);
    }

    private static CreateChargeRequest tea(String key) {
        return CreateChargeRequest.newBuilder()
                .setKey(key)
                .setAmount(900)
                .setCurrency("EUR")
                .setCard("tok_visa")
                .build();
    }
}
