package dev.perimeter.proxy.accept;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Asks the kernel where a connection was going before a rule of the machine redirected it here (Linux: {@code
 * SO_ORIGINAL_DST}, netfilter). Without epoll, or without a redirect, the destination is the socket's own address.
 */
public final class OriginalDestination {

    /** SOL_IP and SO_ORIGINAL_DST; answers a sockaddr_in. */
    private static final RawUnixChannelOption V4 = new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);

    /** SOL_IPV6 and IP6T_SO_ORIGINAL_DST; answers a sockaddr_in6. */
    private static final RawUnixChannelOption V6 = new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private OriginalDestination() {}

    public static void find(Channel channel, ConnectionFacts facts) {
        InetAddress socket = facts.local().getAddress();
        if (!(channel instanceof EpollSocketChannel epoll) || socket == null) {
            return;
        }
        boolean v4 = socket.getAddress().length == 4;
        ByteBuffer answer;
        try {
            answer = epoll.config().getOption(v4 ? V4 : V6);
        } catch (io.netty.channel.ChannelException notRedirected) {
            return;
        }
        InetSocketAddress destination = address(answer, v4 ? 4 : 8, v4 ? 4 : 16);
        if (!destination.equals(facts.local())) {
            facts.redirected(destination);
        }
    }

    /** Family (2 bytes), port (2 bytes, big endian), then at {@code at} the address. */
    private static InetSocketAddress address(ByteBuffer answer, int at, int size) {
        byte[] address = new byte[size];
        answer.get(at, address);
        int port = (answer.get(2) & 0xff) << 8 | answer.get(3) & 0xff;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + size + " bytes", impossible);
        }
    }
}
