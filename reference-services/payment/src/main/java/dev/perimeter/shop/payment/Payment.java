package dev.perimeter.shop.payment;

import java.time.Clock;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;

/** The payment process. Settings come from the environment, such as {@code SPRING_DATASOURCE_URL}. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Payment {

    public static void main(String[] arguments) {
        SpringApplication.run(Payment.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** gRPC calls wait for the database as REST calls do: each on a virtual thread of its own. */
    @Bean
    GrpcServerExecutorProvider grpcCalls() {
        var calls = Executors.newVirtualThreadPerTaskExecutor();
        return () -> calls;
    }
}
