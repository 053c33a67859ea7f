package dev.perimeter.shop.order.payment;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How to reach payment, from the properties {@code payment.*} (environment: {@code PAYMENT_TRANSPORT},
 * {@code PAYMENT_URL}, {@code PAYMENT_TARGET} ...).
 *
 * @param url of the REST side
 * @param target of the gRPC side
 * @param connectTimeout for a new connection by REST
 * @param timeout from the call to the last byte of the answer
 */
@ConfigurationProperties("payment")
public record PaymentSettings(Transport transport, URI url, String target, Duration connectTimeout, Duration timeout) {

    /** Which of payment's doors is used. */
    public enum Transport {
        REST,
        GRPC
    }
}
