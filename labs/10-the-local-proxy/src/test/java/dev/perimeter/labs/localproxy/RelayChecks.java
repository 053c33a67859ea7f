package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.submission.Subject;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Lab;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;

/** The first four rungs of the ladder: what a pipe between two connections owes to both. */
@Lab(10)
class RelayChecks {

    private static final int MEGABYTE = 1024 * 1024;

    @Graded(points = 4, criterion = "challenge", group = "ladder", hint = "10.1")
    @DisplayName("Bytes go one way")
    void bytesOneWay(Subject subject, Story story, Random random) throws IOException {
        byte[] request = Pair.random(random, 50_000 + random.nextInt(20_000));
        try (Pair pair = Pair.start(subject, story);
                Socket order = pair.call();
                Socket payment = pair.called()) {
            story.did("Connected", "order to the relay, the relay to payment");
            pair.send(order, request);
            story.did("Sent", request.length + " bytes from order");
            story.expect("the same " + request.length + " bytes at payment");
            pair.receive(
                    payment,
                    request,
                    "write them to the other connection in " + subject.name() + ".FromOrder.channelRead");
        }
    }

    @Graded(points = 5, criterion = "challenge", group = "ladder", hint = "10.2", after = "10.1")
    @DisplayName("Bytes go both ways")
    void bytesBothWays(Subject subject, Story story, Random random) throws IOException {
        try (Pair pair = Pair.start(subject, story);
                Socket order = pair.call();
                Socket payment = pair.called()) {
            for (int turn = 1; turn <= 3; turn++) {
                byte[] request = Pair.random(random, 1 + random.nextInt(20_000));
                byte[] reply = Pair.random(random, 1 + random.nextInt(20_000));
                pair.send(order, request);
                story.did("Sent", request.length + " bytes from order").expect("them at payment");
                pair.receive(payment, request, "turn " + turn + " of one connection");
                pair.send(payment, reply);
                story.did("Answered", reply.length + " bytes from payment").expect("them at order");
                pair.receive(order, reply, "the way back: who reads from payment?");
            }
            story.did("Sent", "1 MB from each side at the same time").expect("both arrive whole");
            atOnce(pair, order, payment, random);
        }
    }

    private static void atOnce(Pair pair, Socket order, Socket payment, Random random) throws IOException {
        byte[] one = Pair.random(random, MEGABYTE);
        byte[] two = Pair.random(random, MEGABYTE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> tasks = List.of(
                    CompletableFuture.runAsync(unchecked(() -> pair.send(order, one)), threads),
                    CompletableFuture.runAsync(unchecked(() -> pair.send(payment, two)), threads),
                    CompletableFuture.runAsync(unchecked(() -> pair.receive(payment, one, "")), threads));
            try {
                pair.receive(order, two, "");
                tasks.forEach(CompletableFuture::join);
            } catch (CompletionException wrapped) {
                if (wrapped.getCause() instanceof Error failed) {
                    throw failed;
                }
                throw wrapped;
            } finally {
                Pair.end(order);
                Pair.end(payment);
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static Runnable unchecked(Task task) {
        return () -> {
            try {
                task.run();
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        };
    }

    @Graded(points = 6, criterion = "challenge", group = "ladder", hint = "10.3", after = "10.1")
    @DisplayName("An end on one side is an end on the other")
    void ends(Subject subject, Story story, Random random) throws IOException {
        byte[] last = Pair.random(random, 1_000 + random.nextInt(1_000));
        try (Pair pair = Pair.start(subject, story)) {
            try (Socket order = pair.call();
                    Socket payment = pair.called()) {
                pair.send(order, last);
                Pair.end(order);
                story.did("Sent", last.length + " bytes from order, then closed");
                story.expect("these bytes at payment, and then the end");
                pair.receive(payment, last, "the last bytes before the end were dropped");
                story.same(pair.ending(payment), "end", "payment still waits for an order that has gone");
            }
            try (Socket order = pair.call();
                    Socket payment = pair.called()) {
                pair.send(order, last);
                pair.receive(payment, last, "a second connection gets nothing");
                Pair.end(payment);
                story.did("Closed", "payment's side of another connection").expect("the end at order");
                story.same(pair.ending(order), "end", "order still waits for a payment that has gone");
            }
            pair.paymentGone();
            try (Socket order = pair.call()) {
                story.did("Stopped", "payment, so that the relay's connection is refused, then called again");
                story.expect("the caller's connection ends");
                String ending = pair.ending(order);
                if (!ending.equals("end") && !ending.equals("reset")) {
                    throw pair.gone(ending, ending, "nobody told the caller; a dial can fail");
                }
            }
        }
    }

    @Graded(points = 9, criterion = "challenge", group = "ladder", hint = "10.4", after = "10.2")
    @DisplayName("A slow reader slows the writer")
    void backPressure(Subject subject, Story story, Random random) throws IOException, InterruptedException {
        try (Pair pair = Pair.start(subject, story);
                Socket order = pair.call();
                Socket payment = pair.called()) {
            Flood.through(pair, story, random).from(order, "order").to(payment, "payment");
            if (order.isConnected()) {
                Flood.through(pair, story, random).from(payment, "payment").to(order, "order");
            }
        }
    }
}
