package dev.perimeter.labs.harness.site;

import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * The addresses of one mesh on this machine. Each workload has an address of its own in 127/8, as a pod has its IP, so
 * ports are those of Kubernetes and two meshes never collide.
 *
 * @param number 1 to 250; the mesh's addresses are {@code 127.<number>.*.*}
 */
public record Site(int number) {
    /** The port at {@link #hold} whose listener keeps the number taken. */
    public static final int HOLD_PORT = 15099;

    private static final int LAST = 250;
    private static final int[] PROBED_PORTS = {8080, 9092, Ports.ADMIN, Ports.XDS};
    private static final int PROBED_WORKLOADS = 8;

    /** The address of the local node. */
    public String hold() {
        return "127.%d.0.1".formatted(number);
    }

    /** The address workload {@code w} is known by to others: a pod's IP. */
    public String podIp(int workload) {
        return "127.%d.%d.1".formatted(number, workload);
    }

    /** The address of the application behind a sidecar. */
    public String appAddress(int workload) {
        return "127.%d.%d.2".formatted(number, workload);
    }

    /**
     * The lowest site nobody uses. Its holder may be gone while its children still run (the node was killed), so the
     * workloads' addresses are looked at too. Between this answer and the holding of the number another mesh may take
     * it: the holder must be ready to ask again.
     *
     * @throws Refused if no site is free
     */
    public static Site free() {
        return IntStream.rangeClosed(1, LAST)
                .mapToObj(Site::new)
                .filter(Site::isFree)
                .findFirst()
                .orElseThrow(() ->
                        new Refused("No loopback addresses 127.1.*.* to 127.250.*.* are free; run scripts/lab doctor,"
                                + " which says why."));
    }

    /** Whether nothing of a mesh listens there. */
    public boolean isFree() {
        return bindable(hold(), HOLD_PORT)
                && IntStream.rangeClosed(1, PROBED_WORKLOADS)
                        .allMatch(w -> IntStream.of(PROBED_PORTS).allMatch(port -> bindable(podIp(w), port)));
    }

    /** Whether a listener could be opened at that address now. */
    public static boolean bindable(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
