package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import java.lang.invoke.MethodHandles;

/** Refused: names the product's class in a text and finds it by a method handle. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        try {
            Class<?> found = MethodHandles.lookup().findClass("dev.perimeter.proxy.tcp.TcpRelay");
            downstream.attr(io.netty.util.AttributeKey.valueOf(found.getSimpleName()));
        } catch (ReflectiveOperationException absent) {
            downstream.close();
        }
    }
}
