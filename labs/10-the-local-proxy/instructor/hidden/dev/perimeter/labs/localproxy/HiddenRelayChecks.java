package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.evidence.SocketTable;
import dev.perimeter.labs.harness.submission.Subject;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Hidden;
import dev.perimeter.labs.harness.vocabulary.Lab;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;

/** The last two rungs: what a pipe owes to connections that end badly, and to all the others. */
@Lab(10)
@Hidden
class HiddenRelayChecks {

    @Graded(points = 9, criterion = "hidden", group = "ladder", hint = "10.5", after = "10.2")
    @DisplayName("Half an end is not the end, and a reset stays a reset")
    void halfCloseAndReset(Subject subject, Story story, Random random) throws IOException {
        byte[] request = Pair.random(random, 2_000 + random.nextInt(2_000));
        byte[] reply = Pair.random(random, 300_000 + random.nextInt(1_000));
        try (Pair pair = Pair.start(subject, story)) {
            half(pair, story, request, reply, true);
            half(pair, story, request, reply, false);
            reset(pair, story, request, true);
            reset(pair, story, request, false);
        }
    }

    /** One side says all it has and ends its half; the other hears the end first and only then answers. */
    private static void half(Pair pair, Story story, byte[] request, byte[] reply, boolean orderFirst)
            throws IOException {
        try (Socket order = pair.call();
                Socket payment = pair.called()) {
            Socket first = orderFirst ? order : payment;
            Socket second = orderFirst ? payment : order;
            pair.send(first, request);
            first.shutdownOutput();
            story.did("Sent", request.length + " bytes from " + name(orderFirst) + ", then ended that half");
            story.expect("the bytes and the end at " + name(!orderFirst));
            pair.receive(second, request, "nothing crossed");
            story.same(pair.ending(second), "end", "the end of one half did not cross");
            pair.send(second, reply);
            second.shutdownOutput();
            story.did("Answered", reply.length + " bytes from " + name(!orderFirst) + ", after that end");
            story.expect("the whole answer at " + name(orderFirst) + ", then the end");
            pair.receive(first, reply, "the way back was closed with the way there");
            story.same(pair.ending(first), "end", "the second half never ended");
        }
    }

    private static void reset(Pair pair, Story story, byte[] request, boolean orderResets) throws IOException {
        try (Socket order = pair.call();
                Socket payment = pair.called()) {
            pair.send(order, request);
            pair.receive(payment, request, "nothing crossed");
            Socket breaking = orderResets ? order : payment;
            breaking.setSoLinger(true, 0);
            Pair.end(breaking);
            story.did("Reset", "the connection from " + name(orderResets) + "'s side");
            story.expect("a reset at " + name(!orderResets) + ", not a tidy end");
            story.same(
                    pair.ending(orderResets ? payment : order),
                    "reset",
                    "a broken stream must not look like a finished one");
        }
    }

    private static String name(boolean order) {
        return order ? "order" : "payment";
    }

    @Graded(
            points = 12,
            criterion = "hidden",
            group = "ladder",
            hint = "10.6",
            after = {"10.2", "10.3"})
    @DisplayName("Nothing is left behind, and nobody waits for a stranger")
    void noLeakAndNoWaiting(Subject subject, Story story, Random random) throws IOException {
        byte[] bytes = Pair.random(random, 40_000);
        try (Pair pair = Pair.start(subject, story)) {
            try (Socket stuck = pair.call();
                    Socket deaf = pair.called()) {
                fill(stuck);
                story.did("Stuck", "one connection: its reader reads nothing, its writer waits");
                story.expect("another connection on the same event loop goes on");
                try (Socket order = pair.call();
                        Socket payment = pair.called()) {
                    pair.send(order, bytes);
                    pair.receive(payment, bytes, "the event loop waits for a stranger");
                    pair.send(payment, bytes);
                    pair.receive(order, bytes, "the event loop waits for a stranger");
                }
                deaf.setSoLinger(true, 0);
            }
            breakMany(pair, bytes, random);
            story.did("Opened", "60 connections and broke each in the middle of its bytes, from either side");
            story.expect("the event loop never stood still in " + subject.name());
            story.same(pair.worker().ask("stood"), "-", "every connection of this loop stood with it");
            story.expect("the process has only its listener open");
            story.same(sockets(pair), "0 connections", "the other side of a broken connection must end too");
            story.expect("every buffer was released");
            story.same(
                    pair.worker().ask("left"),
                    "0 bytes held, 0 buffers lost",
                    "a buffer that is not passed on must be released");
        }
    }

    /** Writes until nothing more goes. */
    private static void fill(Socket stuck) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                byte[] chunk = new byte[64 * 1024];
                for (int i = 0; i < 2_000; i++) {
                    stuck.getOutputStream().write(chunk);
                }
            } catch (IOException closed) {
                // This is how it ends.
                return;
            }
        });
    }

    private static void breakMany(Pair pair, byte[] bytes, Random random) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Socket order = pair.call();
            Socket payment = pair.called();
            order.getOutputStream().write(bytes);
            payment.getOutputStream().write(bytes);
            Socket breaking = random.nextBoolean() ? order : payment;
            breaking.setSoLinger(random.nextBoolean(), 0);
            breaking.close();
            open.add(order);
            open.add(payment);
        }
        for (Socket each : open) {
            each.close();
        }
    }

    /** How many connections the process still has, once that number no longer falls. */
    private static String sockets(Pair pair) {
        if (!SocketTable.available()) {
            return "0 connections";
        }
        long end = System.nanoTime() + Pair.PATIENCE_MILLIS * 1_000_000L;
        int count;
        do {
            count = SocketTable.read(List.of(pair.worker().pid()))
                    .of(pair.worker().pid())
                    .size();
            LockSupport.parkNanos(10_000_000);
        } while (count > 0 && System.nanoTime() < end);
        return count + " connections";
    }
}
