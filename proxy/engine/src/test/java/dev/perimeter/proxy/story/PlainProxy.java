package dev.perimeter.proxy.story;

import java.net.InetSocketAddress;

/** A proxy with one route to one upstream, for tests of other packages. */
public final class PlainProxy implements AutoCloseable {

    private final RunningProxy proxy;

    public PlainProxy(InetSocketAddress upstream) {
        proxy = new RunningProxy(new Config()
                .cluster("upstream", upstream)
                .route("/", "upstream")
                .http());
    }

    public InetSocketAddress address() {
        return proxy.address();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
