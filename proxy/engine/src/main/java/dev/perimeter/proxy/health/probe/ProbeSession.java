package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.health.Finding;
import dev.perimeter.proxy.health.Prober;
import dev.perimeter.proxy.health.probe.SocketProber.Target;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects, asks, waits no longer than it may, and keeps the connection if that is wanted. On one event loop. */
abstract class ProbeSession implements Prober.Session {

    private final Target target;
    private @Nullable Consumer<Finding> answer;
    private @Nullable Channel channel;
    private @Nullable Future<?> deadline;
    private boolean closed;

    ProbeSession(Target target) {
        this.target = target;
    }

    @Override
    public final void ask(Consumer<Finding> to) {
        target.lane().loop().execute(() -> begin(to));
    }

    private void begin(Consumer<Finding> to) {
        if (closed) {
            return;
        }
        answer = to;
        long timeout = target.check().timeout().toNanos();
        deadline = target.lane().loop().schedule(() -> done(Finding.TIMEOUT), timeout, TimeUnit.NANOSECONDS);
        Channel kept = channel;
        if (kept != null && kept.isActive() && canAskAgain()) {
            send();
            return;
        }
        drop();
        ChannelFuture connecting = target.lane()
                .connector()
                .http(target.transport(), target.address(), target.check().timeout(), handler());
        Channel opened = connecting.channel();
        channel = opened;
        connecting.addListener(connected -> {
            if (channel != opened || answer == null) {
                opened.close();
            } else if (connected.isSuccess()) {
                send();
            } else {
                done(Finding.NETWORK_FAILURE);
            }
        });
    }

    /** A handler for a new connection. */
    abstract ChannelHandler handler();

    /** Asks, on a connection that stands. */
    abstract void send();

    /** Whether the connection at hand takes another question. */
    abstract boolean canAskAgain();

    /** What came of it; anything after the first word is not heard. */
    final void done(Finding finding) {
        Consumer<Finding> waiting = answer;
        if (waiting == null) {
            return;
        }
        answer = null;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (!target.check().reuseConnection() || !finding.isSuccess()) {
            drop();
        }
        waiting.accept(finding);
    }

    private void drop() {
        Channel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
    }

    /** Of URIs asked for on these connections. */
    final String scheme() {
        return target.transport().tls() == null ? "http" : "https";
    }

    final Channel channel() {
        return java.util.Objects.requireNonNull(channel, "asks without a connection");
    }

    @Override
    public final void close() {
        target.lane().loop().execute(() -> {
            closed = true;
            answer = null;
            if (deadline != null) {
                deadline.cancel(false);
            }
            drop();
        });
    }
}
