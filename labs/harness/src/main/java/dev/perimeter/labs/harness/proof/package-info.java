/** What the build asks of every lab. Start here: {@link dev.perimeter.labs.harness.proof.LabProof}. */
@NullMarked
package dev.perimeter.labs.harness.proof;

import org.jspecify.annotations.NullMarked;
