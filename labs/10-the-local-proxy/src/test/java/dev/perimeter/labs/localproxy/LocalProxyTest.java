package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.proof.LabProof;

/** Lab 10 does what its text says; both its toggles are needed. */
class LocalProxyTest extends LabProof {

    LocalProxyTest() {
        super(8, "10.11");
    }
}
