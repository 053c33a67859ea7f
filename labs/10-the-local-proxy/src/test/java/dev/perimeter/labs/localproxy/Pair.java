package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.check.CheckFailed;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.submission.Subject;
import dev.perimeter.labs.harness.submission.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;

/** A caller, the relay under test, and the one that is called; the checks hold both ends and see only sockets. */
final class Pair implements AutoCloseable {

    /** How long a byte may take before the check gives up. Nothing passes by being slow or fast. */
    static final int PATIENCE_MILLIS = 3_000;

    private static final int KERNEL_BUFFER = 64 * 1024;

    private final Story story;
    private final ServerSocket payment;
    private final Worker worker;

    private Pair(Story story, ServerSocket payment, Worker worker) {
        this.story = story;
        this.payment = payment;
        this.worker = worker;
    }

    static Pair start(Subject subject, Story story) throws IOException {
        ServerSocket payment = new ServerSocket();
        payment.setReceiveBufferSize(KERNEL_BUFFER);
        payment.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 200);
        payment.setSoTimeout(PATIENCE_MILLIS);
        try {
            return new Pair(story, payment, subject.start(story, Integer.toString(payment.getLocalPort())));
        } catch (CheckFailed failed) {
            payment.close();
            throw failed;
        }
    }

    Worker worker() {
        return worker;
    }

    /** Opens a connection to the relay, as the order-processor would. */
    Socket call() throws IOException {
        Socket order = new Socket();
        order.setSendBufferSize(KERNEL_BUFFER);
        order.setReceiveBufferSize(KERNEL_BUFFER);
        order.setTcpNoDelay(true);
        try {
            order.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), worker.port()), PATIENCE_MILLIS);
        } catch (IOException refused) {
            throw gone("no connection to the relay: " + refused.getMessage());
        }
        order.setSoTimeout(PATIENCE_MILLIS);
        return order;
    }

    /** The connection the relay opens to the other side for that call. */
    Socket called() throws IOException {
        try {
            Socket accepted = payment.accept();
            accepted.setSendBufferSize(KERNEL_BUFFER);
            accepted.setTcpNoDelay(true);
            accepted.setSoTimeout(PATIENCE_MILLIS);
            return accepted;
        } catch (SocketTimeoutException nothing) {
            throw gone("the relay opened no connection to payment");
        }
    }

    /** From now on nothing listens on payment's side. */
    void paymentGone() throws IOException {
        payment.close();
    }

    /** Writes and says so if the connection breaks. */
    void send(Socket from, byte[] bytes) throws IOException {
        try {
            OutputStream out = from.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (SocketException broken) {
            throw gone("the connection broke while sending: " + broken.getMessage());
        }
    }

    /** Reads exactly these bytes, or fails with how many came and what was wrong. */
    void receive(Socket at, byte[] wanted, String ifNothing) throws IOException {
        byte[] got = new byte[wanted.length];
        int count = 0;
        try {
            InputStream in = at.getInputStream();
            while (count < got.length) {
                int read = in.read(got, count, got.length - count);
                if (read < 0) {
                    throw gone(count + " bytes, then the end of the stream", "then the end", "closed too early");
                }
                count += read;
            }
        } catch (SocketTimeoutException stalled) {
            String seen = count == 0 ? "0 bytes, and both connections are open" : count + " bytes, then nothing more";
            throw gone(
                    seen, count == 0 ? "0 bytes" : "then nothing more", count == 0 ? ifNothing : "the rest is missing");
        } catch (SocketException broken) {
            throw gone(count + " bytes, then " + broken.getMessage());
        }
        int different = Arrays.mismatch(got, wanted);
        if (different >= 0) {
            throw story.butGot(
                    got.length + " bytes, other than sent from byte " + different + " on",
                    "byte " + different,
                    "lost, doubled or out of order");
        }
    }

    /** How the stream ends: {@code end}, {@code reset}, {@code silence} or {@code bytes}. */
    String ending(Socket at) throws IOException {
        try {
            return at.getInputStream().read() < 0 ? "end" : "bytes";
        } catch (SocketTimeoutException open) {
            return "silence";
        } catch (SocketException reset) {
            return "reset";
        }
    }

    CheckFailed gone(String seen) {
        return gone(seen, seen, "");
    }

    /** The failure for what was seen, unless the process is gone, which then is the story. */
    CheckFailed gone(String seen, String marked, String why) {
        if (!worker.runs()) {
            return worker.ended(story);
        }
        worker.threw().ifPresent(thrown -> story.did("Threw", thrown));
        return story.butGot(seen, marked, why);
    }

    CheckFailed timedOut(String seen) {
        return worker.runs() ? story.end(Status.TIMEOUT, seen, seen, "") : worker.ended(story);
    }

    /** Ends a connection in the middle of a check. */
    static void end(Socket connection) throws IOException {
        connection.close();
    }

    static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        payment.close();
        worker.close();
    }
}
