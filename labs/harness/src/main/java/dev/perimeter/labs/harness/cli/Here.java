package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;

/** Which mesh a command is about: that of this clone, or of {@code LAB_HOME}. */
public final class Here {
    private Here() {}

    /** That mesh, running or not. */
    public static Mesh mesh() {
        Checkout checkout = Checkout.find();
        return Mesh.open(checkout, LabHome.of(checkout));
    }
}
