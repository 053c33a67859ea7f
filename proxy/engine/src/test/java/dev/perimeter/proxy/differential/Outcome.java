package dev.perimeter.proxy.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of one case in one proxy.
 *
 * @param statuses the client saw, in order
 * @param forwarded the complete requests the upstream saw
 * @param objections to what the upstream saw: bytes that have no one meaning
 */
record Outcome(List<Integer> statuses, List<Message> forwarded, List<String> objections) {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5][0-9]{2})");

    /** @param patience how long the client waits for more, in milliseconds */
    static Outcome of(byte[] request, InetSocketAddress proxy, Lane lane, int patience) throws IOException {
        String reply = ask(request, proxy, patience);
        List<Integer> statuses = new ArrayList<>();
        Matcher status = STATUS.matcher(reply);
        while (status.find()) {
            statuses.add(Integer.parseInt(status.group(1)));
        }
        List<Message> forwarded = new ArrayList<>();
        List<String> objections = new ArrayList<>();
        for (byte[] bytes : lane.received()) {
            StrictReader.Reading reading = StrictReader.read(bytes);
            forwarded.addAll(reading.messages());
            if (reading.objection() != null) {
                objections.add(reading.objection());
            }
        }
        return new Outcome(List.copyOf(statuses), List.copyOf(forwarded), List.copyOf(objections));
    }

    private static String ask(byte[] request, InetSocketAddress proxy, int patience) throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.setSoTimeout(patience);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                reply.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException waited) {
            // It waits for more of the request, or for the next one.
        } catch (IOException reset) {
            // Closed while we still sent: a refusal that did not wait.
        }
        return reply.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the request, or the first of several, came through, whatever it looked like. */
    boolean accepts() {
        return !forwarded.isEmpty() || !objections.isEmpty();
    }
}
