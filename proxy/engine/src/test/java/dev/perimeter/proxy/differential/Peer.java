package dev.perimeter.proxy.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Another proxy as a process, with one listener for each lane. */
final class Peer implements AutoCloseable {

    enum Kind {
        NGINX("nginx"),
        HAPROXY("haproxy"),
        ENVOY("envoy");

        final String program;

        Kind(String program) {
            this.program = program;
        }

        /** Where the program is, if anywhere. */
        Optional<Path> find() {
            Stream<String> folders = Stream.concat(
                    Stream.of(System.getenv("PATH").split(":")),
                    Stream.of("/usr/sbin", System.getProperty("perimeter.envoy.folder", "/nowhere")));
            return folders.map(folder -> Path.of(folder, program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private final Process process;
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    Peer(Kind kind, List<Lane> lanes, Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve(kind.program));
        List<Integer> ports = freePorts(lanes.size());
        ports.forEach(port -> addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        Path config = Files.writeString(home.resolve("config.yaml"), PeerConfig.of(kind, ports, lanes, home));
        String program = kind.find().orElseThrow().toString();
        List<String> command = switch (kind) {
            case NGINX -> List.of(program, "-p", home.toString(), "-c", config.toString());
            case HAPROXY -> List.of(program, "-db", "-f", config.toString());
            case ENVOY ->
                List.of(program, "-c", config.toString(), "--use-dynamic-base-id", "--concurrency", "1", "-l", "off");
        };
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
        Awaitility.await("is " + kind.program + " up")
                .atMost(Duration.ofSeconds(20))
                .until(this::listens);
    }

    InetSocketAddress address(int lane) {
        return addresses.get(lane);
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the peer ended with " + process.exitValue());
        }
        try {
            for (InetSocketAddress address : addresses) {
                new Socket(address.getAddress(), address.getPort()).close();
            }
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
