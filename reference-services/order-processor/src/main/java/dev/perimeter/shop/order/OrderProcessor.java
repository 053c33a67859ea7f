package dev.perimeter.shop.order;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The order processor's process. Settings come from the environment, such as {@code SPRING_DATASOURCE_URL}. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class OrderProcessor {

    public static void main(String[] arguments) {
        SpringApplication.run(OrderProcessor.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
