package dev.perimeter.shop.payment.charge;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * Lets the gRPC port be bound again right after a restart. The JDK's server sockets do so by themselves; Netty's native
 * ones refuse while an old connection of the port is in TIME_WAIT, for a minute.
 */
@Configuration(proxyBeanMethods = false)
class GrpcPort {

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> reusableAddress() {
        return server -> server.withOption(ChannelOption.SO_REUSEADDR, true);
    }
}
