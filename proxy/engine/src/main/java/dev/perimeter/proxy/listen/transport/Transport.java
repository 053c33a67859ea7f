package dev.perimeter.proxy.listen.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** How this machine does its input and output: epoll where there is one, Java's own selector elsewhere. */
public record Transport(
        IoHandlerFactory handlers, Class<? extends ServerChannel> server, Class<? extends Channel> client) {

    /** @param nio Java's own in any case */
    public static Transport best(boolean nio) {
        return !nio && Epoll.isAvailable()
                ? new Transport(PatientEpoll.factory(), EpollServerSocketChannel.class, EpollSocketChannel.class)
                : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }
}
