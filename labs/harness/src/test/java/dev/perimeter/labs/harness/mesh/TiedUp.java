package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Stands for a check: brings a mesh up for itself, says so, and lives on until it is ended. */
public final class TiedUp {
    private TiedUp() {}

    /** @param args the clone, the folder of the mesh, the gateway's port */
    public static void main(String[] args) throws InterruptedException {
        Mesh.open(new Checkout(Path.of(args[0])), new LabHome(Path.of(args[1])))
                .up(UpOptions.at(Integer.parseInt(args[2])).tiedToThisProcess(), Progress.SILENT);
        System.out.println("up");
        new CountDownLatch(1).await();
    }
}
