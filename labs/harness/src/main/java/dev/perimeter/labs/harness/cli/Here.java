package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;

/** Which mesh a command is about: that of this clone, or of {@code LAB_HOME}. */
final class Here {
    private Here() {}

    static Mesh mesh() {
        Checkout checkout = Checkout.find();
        return Mesh.open(checkout, LabHome.of(checkout));
    }
}
