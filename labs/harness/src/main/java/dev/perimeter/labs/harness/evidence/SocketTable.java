package dev.perimeter.labs.harness.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The TCP sockets of this machine and who has them open, read from {@code /proc/net/tcp}, {@code /proc/net/tcp6} and
 * {@code /proc/PID/fd} (proc(5)). Linux only. A moment's picture: what opens or closes while it is read may be missing.
 *
 * @param connections all of them, listeners too
 * @param owners process id by the inode of the socket
 */
public record SocketTable(List<Connection> connections, Map<Long, Long> owners) {

    /** Reads the table; owners are looked for among the given processes only. */
    public static SocketTable read(List<Long> processes) {
        List<Connection> connections = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                lines.skip(1).map(SocketTable::parse).flatMap(Optional::stream).forEach(connections::add);
            } catch (IOException | java.io.UncheckedIOException absent) {
                continue;
            }
        }
        Map<Long, Long> owners = new HashMap<>();
        for (long pid : processes) {
            inodes(pid).forEach(inode -> owners.put(inode, pid));
        }
        return new SocketTable(List.copyOf(connections), Map.copyOf(owners));
    }

    /** Whether this machine has such a table. */
    public static boolean available() {
        return Files.isReadable(Path.of("/proc/net/tcp"));
    }

    /** The connections a process has open, without its listeners. */
    public List<Connection> of(long pid) {
        return connections.stream()
                .filter(each -> each.state() != Connection.State.LISTEN)
                .filter(each -> Long.valueOf(pid).equals(owners.get(each.inode())))
                .toList();
    }

    /** The process at the other end of a connection, found by the ports of both ends. */
    public Optional<Long> peer(Connection connection) {
        return connections.stream()
                .filter(each -> each.isOtherEndOf(connection))
                .findFirst()
                .map(other -> owners.get(other.inode()));
    }

    /** One line of the table: {@code sl local remote st tx:rx tr:when retr uid timeout inode …}. */
    static Optional<Connection> parse(String line) {
        String[] columns = line.strip().split("\\s+");
        if (columns.length < 10) {
            return Optional.empty();
        }
        Connection.State state = switch (columns[3]) {
            case "01" -> Connection.State.ESTABLISHED;
            case "02" -> Connection.State.SYN_SENT;
            case "0A" -> Connection.State.LISTEN;
            default -> Connection.State.OTHER;
        };
        return Optional.of(new Connection(address(columns[1]), address(columns[2]), state, Long.parseLong(columns[9])));
    }

    /** {@code 0100007F:1F90}: four bytes in the host's order (little-endian here), then the port. */
    private static String address(String raw) {
        int colon = raw.indexOf(':');
        String hex = raw.substring(0, colon);
        // An IPv4 address in an IPv6 socket (::ffff:a.b.c.d) is the last group of four bytes.
        String last = hex.substring(hex.length() - 8);
        StringBuilder text = new StringBuilder();
        for (int at = 6; at >= 0; at -= 2) {
            text.append(Integer.parseInt(last.substring(at, at + 2), 16)).append(at == 0 ? ":" : ".");
        }
        return text.append(Integer.parseInt(raw.substring(colon + 1), 16)).toString();
    }

    private static List<Long> inodes(long pid) {
        List<Long> inodes = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : open.toList()) {
                inode(each).ifPresent(inodes::add);
            }
        } catch (IOException gone) {
            return inodes;
        }
        return inodes;
    }

    private static Optional<Long> inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Optional.of(Long.parseLong(target.substring(8, target.length() - 1)))
                    : Optional.empty();
        } catch (IOException closedMeanwhile) {
            return Optional.empty();
        }
    }
}
