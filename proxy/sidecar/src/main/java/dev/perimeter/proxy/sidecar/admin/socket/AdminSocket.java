package dev.perimeter.proxy.sidecar.admin.socket;

import dev.perimeter.proxy.upstream.connect.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request a connection, off the hot path. The JDK's own HTTP server would do but for Unix sockets, which are
 * the way to keep other users of a machine out.
 */
public final class AdminSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);

    private static final int MOST_CONNECTIONS = 16;

    private static final int BACKLOG = 128;

    /** Whoever takes longer to ask and to listen is cut off. */
    private static final long MOST_SECONDS = 30;

    private final ServerSocketChannel server;
    private final SocketAddress configured;
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    /** Those who have not said yet what they want, the longest first. */
    private final Deque<SocketChannel> silent = new ConcurrentLinkedDeque<>();

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("admin-", 0).factory());
    private final ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("admin-guard").factory());

    private AdminSocket(ServerSocketChannel server, SocketAddress configured) {
        this.server = server;
        this.configured = configured;
    }

    /**
     * Takes the address; nothing is answered before {@link #serve}.
     *
     * @param address of loopback, or of a Unix socket; what an earlier process left behind there is replaced
     * @throws IOException whose message is a sentence for the operator
     */
    public static AdminSocket bind(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        ServerSocketChannel server =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            if (address instanceof UnixDomainSocketAddress file && isLeftOver(file)) {
                Files.deleteIfExists(file.getPath());
            }
            server.bind(address, BACKLOG);
            return new AdminSocket(server, address);
        } catch (IOException busy) {
            server.close();
            throw new IOException(
                    "the admin address " + text(address) + " cannot be had: " + busy.getMessage()
                            + "; is another proxy running there?",
                    busy);
        }
    }

    private static boolean isLeftOver(UnixDomainSocketAddress file) {
        if (!Files.exists(file.getPath())) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(file)) {
            return !probe.isConnected();
        } catch (IOException nobodyThere) {
            return true;
        }
    }

    /** Begins to answer; {@code pages} is called on many threads. */
    public void serve(Function<AdminRequest, AdminReply> pages) {
        threads.execute(() -> {
            try {
                while (true) {
                    SocketChannel channel = server.accept();
                    makePlace();
                    open.add(channel);
                    silent.add(channel);
                    threads.execute(() -> serve(channel, pages));
                }
            } catch (ClosedChannelException stopped) {
                LOG.debug("the admin pages are closed");
            } catch (IOException failed) {
                LOG.error("the admin pages are not served any more", failed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Whoever is silent for longest gives way: a probe must not wait behind connections that ask for nothing. */
    private void makePlace() throws InterruptedException {
        if (places.tryAcquire()) {
            return;
        }
        SocketChannel longest = silent.poll();
        if (longest != null) {
            close(longest);
        }
        places.acquire();
    }

    private void serve(SocketChannel channel, Function<AdminRequest, AdminReply> pages) {
        var cut = guard.schedule(() -> close(channel), MOST_SECONDS, TimeUnit.SECONDS);
        try {
            AdminWire.answer(channel, request -> {
                silent.remove(channel);
                return answer(request, pages);
            });
        } catch (IOException gone) {
            LOG.debug("an admin connection ended: {}", gone.getMessage());
        } finally {
            cut.cancel(false);
            close(channel);
            open.remove(channel);
            silent.remove(channel);
            places.release();
        }
    }

    private AdminReply answer(AdminRequest request, Function<AdminRequest, AdminReply> pages) {
        return AdminHost.isOurs(request.header("host"), configured)
                ? pages.apply(request)
                : AdminReply.text(
                        403, "the admin pages answer to localhost and to addresses of loopback, not to other names\n");
    }

    /** Where it listens, with the real port should any have been asked for. */
    public SocketAddress address() {
        try {
            SocketAddress bound = server.getLocalAddress();
            return bound == null ? configured : bound;
        } catch (IOException closed) {
            return configured;
        }
    }

    /** {@code 127.0.0.1:15000}, or the path of the socket. */
    public static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Addresses.text(inet) : address.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            if (configured instanceof UnixDomainSocketAddress file) {
                Files.deleteIfExists(file.getPath());
            }
        } catch (IOException atTheEnd) {
            LOG.debug("closing the admin pages: {}", atTheEnd.getMessage());
        }
        letRepliesOut();
        open.forEach(AdminSocket::close);
        threads.shutdownNow();
        guard.shutdownNow();
    }

    /** The order to end came by here, and who gave it waits for the answer. */
    private void letRepliesOut() {
        try {
            if (!places.tryAcquire(MOST_CONNECTIONS, 1, TimeUnit.SECONDS)) {
                LOG.debug("some admin connections are cut");
            }
        } catch (InterruptedException atOnce) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            LOG.debug("closing an admin connection: {}", gone.getMessage());
        }
    }
}
