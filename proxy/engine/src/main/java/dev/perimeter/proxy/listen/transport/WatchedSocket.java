package dev.perimeter.proxy.listen.transport;

import dev.perimeter.proxy.peer.PeerGone;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;

/**
 * A connection whose pipeline hears that its peer is gone even while it does not read.
 *
 * <p>Implementation note. Netty answers a FIN (EPOLLRDHUP) by reading all that the kernel holds, some MiB, whether anybody
 * wants it or not, and back-pressure is lost. So it never hears of it: who reads finds the end behind the last byte, and
 * who does not is told by an event. EndBehindBytesTest holds this.
 */
@SuppressWarnings("try") // close() throws what Netty's own throws.
final class WatchedSocket implements EpollIoHandle {

    private record Event(EpollIoOps ops) implements EpollIoEvent {}

    private final EpollIoHandle socket;
    private final Channel channel;
    private final PatientRegistration registration;

    private WatchedSocket(EpollIoHandle socket, Channel channel, PatientRegistration registration) {
        this.socket = socket;
        this.channel = channel;
        this.registration = registration;
    }

    /** The handle itself, unless it is a connection's. */
    static IoHandle of(IoHandle handle, PatientRegistration registration) {
        return handle instanceof EpollIoHandle socket
                        && handle instanceof Channel.Unsafe unsafe
                        && unsafe.voidPromise().channel() instanceof EpollSocketChannel channel
                ? new WatchedSocket(socket, channel, registration)
                : handle;
    }

    @Override
    public void handle(IoRegistration own, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        boolean ended = ops.contains(EpollIoOps.EPOLLRDHUP);
        boolean reset = ops.contains(EpollIoOps.EPOLLERR);
        if (!ended) {
            socket.handle(own, event);
        } else {
            registration.ended();
            socket.handle(own, new Event(ops.without(EpollIoOps.EPOLLRDHUP)));
        }
        if ((ended || reset) && channel.isActive() && !channel.config().isAutoRead()) {
            channel.pipeline().fireUserEventTriggered(reset ? PeerGone.RESET : PeerGone.ENDED);
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket.fd();
    }

    @Override
    public void registered() {
        socket.registered();
    }

    @Override
    public void unregistered() {
        socket.unregistered();
    }

    @Override
    public void close() throws Exception {
        socket.close();
    }
}
