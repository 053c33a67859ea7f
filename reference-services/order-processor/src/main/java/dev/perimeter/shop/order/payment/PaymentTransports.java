package dev.perimeter.shop.order.payment;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The ways to reach payment, one line each. */
@Configuration(proxyBeanMethods = false)
class PaymentTransports {

    @Bean
    PaymentClient paymentClient(PaymentSettings settings, JsonMapper json) {
        return switch (settings.transport()) {
            case REST -> new PaymentOverRest(settings, json);
            case GRPC -> new PaymentOverGrpc(settings);
        };
    }
}
