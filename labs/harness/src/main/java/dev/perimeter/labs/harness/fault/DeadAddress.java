package dev.perimeter.labs.harness.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An address from which nothing ever answers: a listener whose queue of connections not yet accepted is full. Linux then
 * drops the first packet of each further connection, so that whoever connects waits as for a host behind a cut cable,
 * where a closed port would have refused at once.
 */
final class DeadAddress implements Closeable {

    /** A backlog of 1 holds two connections (listen(2): "greater than"); more are opened to be sure. */
    private static final int FILLERS = 4;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> fillers = new ArrayList<>();

    private DeadAddress(ServerSocketChannel listener) {
        this.listener = listener;
    }

    static DeadAddress at(InetSocketAddress address) {
        try {
            DeadAddress dead = new DeadAddress(ServerSocketChannel.open());
            dead.listener.bind(address, 1);
            for (int i = 0; i < FILLERS; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(address);
                dead.fillers.add(filler);
            }
            return dead;
        } catch (IOException taken) {
            throw new UncheckedIOException(address + " cannot be made dead", taken);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
