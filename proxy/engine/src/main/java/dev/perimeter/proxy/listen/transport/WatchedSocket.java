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
 * <p>Implementation note. Epoll tells of a FIN and of an RST whoever reads; Netty answers with one read and forgets the
 * news when that read is not the last. So the news is passed on here, behind that read.
 */
@SuppressWarnings("try") // close() throws what Netty's own throws.
final class WatchedSocket implements EpollIoHandle {

    private final EpollIoHandle socket;
    private final Channel channel;

    private WatchedSocket(EpollIoHandle socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /** The handle itself, unless it is a connection's. */
    static IoHandle of(IoHandle handle) {
        return handle instanceof EpollIoHandle socket
                        && handle instanceof Channel.Unsafe unsafe
                        && unsafe.voidPromise().channel() instanceof EpollSocketChannel channel
                ? new WatchedSocket(socket, channel)
                : handle;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        socket.handle(registration, event);
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        boolean reset = ops.contains(EpollIoOps.EPOLLERR);
        if ((reset || ops.contains(EpollIoOps.EPOLLRDHUP))
                && channel.isActive()
                && !channel.config().isAutoRead()) {
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
