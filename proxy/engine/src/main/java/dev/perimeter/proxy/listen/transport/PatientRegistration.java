package dev.perimeter.proxy.listen.transport;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/**
 * What epoll is asked to tell of one socket.
 *
 * <p>Implementation note. When a channel wants no event at all (not reading since its receiver is slow, and its peer
 * sent FIN), Netty 4.2.18 takes it out of the epoll set but goes on to believe that it is in: the next read fails with
 * ENOENT, the channel is closed, and what the kernel still held of it is lost. For a relay with back-pressure that is a
 * stream cut short. So the empty set of events is replaced by "errors only, told once": edge-triggered, as a hang-up
 * told for as long as it lasts would keep the loop busy. A FIN is told once for the same reason.
 * TcpStoryTest holds this.
 */
final class PatientRegistration implements IoRegistration {

    private static final EpollIoOps ERRORS_ONCE = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

    private @Nullable IoRegistration registration;
    private IoOps wanted = EpollIoOps.NONE;
    private boolean ended;

    /** To be called before anything else. */
    PatientRegistration of(IoRegistration epoll) {
        registration = epoll;
        return this;
    }

    /** The peer's FIN has come, which is known from now on. */
    void ended() {
        ended = true;
        if (isValid()) {
            long ignored = submit(wanted);
        }
    }

    @Override
    public long submit(IoOps ops) {
        wanted = ops;
        EpollIoOps asked = (EpollIoOps) ops;
        if (ended) {
            asked = asked.without(EpollIoOps.EPOLLRDHUP);
        }
        return registration().submit(EpollIoOps.NONE.equals(asked) ? ERRORS_ONCE : asked);
    }

    @Override
    public <T> T attachment() {
        return registration().attachment();
    }

    @Override
    public boolean isValid() {
        return registration().isValid();
    }

    @Override
    public boolean cancel() {
        return registration().cancel();
    }

    private IoRegistration registration() {
        if (registration == null) {
            throw new IllegalStateException("not registered yet");
        }
        return registration;
    }
}
