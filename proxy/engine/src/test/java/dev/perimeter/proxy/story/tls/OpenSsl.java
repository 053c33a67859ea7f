package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code openssl s_client}: a peer that says what was agreed on, and whose code nobody here wrote. */
final class OpenSsl {

    /** A client that stays connected until it is closed. */
    static final class Client implements AutoCloseable {

        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        private Client(Process process) {
            this.process = process;
            Thread.ofVirtual().start(() -> {
                try (BufferedReader reader = new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        lines.add(line);
                    }
                } catch (IOException closed) {
                    lines.add("(closed: " + closed + ")");
                }
            });
        }

        /** The first line from here on that holds the text. */
        String awaitLine(String text) throws InterruptedException {
            StringBuilder seen = new StringBuilder();
            while (true) {
                String line = lines.poll(10, TimeUnit.SECONDS);
                if (line == null) {
                    throw new AssertionError("no line holds '" + text + "': " + seen);
                }
                seen.append(line).append('\n');
                if (line.contains(text)) {
                    return line;
                }
            }
        }

        void send(String text) throws IOException {
            process.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().flush();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private final InetSocketAddress address;
    private final Path folder;

    OpenSsl(RunningProxy proxy, Path folder) {
        this.address = proxy.address();
        this.folder = folder;
    }

    Path write(String name, String pem) throws IOException {
        return Files.writeString(folder.resolve(name), pem);
    }

    /** Options that show this certificate. */
    String[] showing(Issued own) throws IOException {
        return new String[] {
            "-cert", write("own.pem", own.chainPem()).toString(),
            "-key", write("own.key", own.keyPem()).toString()
        };
    }

    /** Connects, asks for {@code /}, and tells all that the tool printed. */
    String ask(String... options) throws IOException, InterruptedException {
        try (Client client = connect(options)) {
            client.send(REQUEST);
            return rest(client);
        }
    }

    /** What the tool prints of a second connection that offers the session of the first. */
    String askTwice(String... options) throws IOException, InterruptedException {
        String session = folder.resolve("session").toString();
        List<String> first = new ArrayList<>(List.of("-sess_out", session));
        first.addAll(List.of(options));
        assertThat(ask(first.toArray(String[]::new))).contains("New, ", "200 OK");
        List<String> second = new ArrayList<>(List.of("-sess_in", session));
        second.addAll(List.of(options));
        return ask(second.toArray(String[]::new));
    }

    private static String rest(Client client) throws InterruptedException {
        assertThat(client.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        StringBuilder all = new StringBuilder();
        for (String line = client.lines.poll(1, TimeUnit.SECONDS);
                line != null;
                line = client.lines.poll(100, TimeUnit.MILLISECONDS)) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    Client connect(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", "127.0.0.1:" + address.getPort(), "-nocommands", "-ign_eof"));
        command.addAll(List.of(options));
        return new Client(new ProcessBuilder(command).redirectErrorStream(true).start());
    }
}
