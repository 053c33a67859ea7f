package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** A mesh of a check's own: own folder, own site, own door. It never touches the one a learner runs. */
public final class PrivateMesh implements AutoCloseable {

    private final Mesh mesh;

    private PrivateMesh(Mesh mesh) {
        this.mesh = mesh;
    }

    /**
     * Starts one and waits until an order has crossed.
     *
     * @param home folder for its state, kept when it ends
     */
    public static PrivateMesh up(Checkout checkout, Path home, Progress progress) {
        LabHome own = new LabHome(home);
        own.prepare();
        Mesh mesh = Mesh.open(checkout, own);
        mesh.up(UpOptions.at(freePort()).tiedToThisProcess(), progress);
        return new PrivateMesh(mesh);
    }

    /** A port nobody listens on now. */
    public static int freePort() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress("127.0.0.1", 0));
            return probe.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    public Mesh mesh() {
        return mesh;
    }

    @Override
    public void close() {
        mesh.down(Progress.SILENT);
    }
}
