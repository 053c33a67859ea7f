package dev.perimeter.labs.tour;

import dev.perimeter.labs.harness.proof.LabProof;

/** The tour does what its text says, and its toggle is needed. */
class TourTest extends LabProof {

    TourTest() {
        super(3, "0.1");
    }
}
