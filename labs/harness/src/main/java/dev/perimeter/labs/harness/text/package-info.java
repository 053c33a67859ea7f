/**
 * The texts of the labs as something that runs: command blocks and the output they promise.
 * Start here: {@link dev.perimeter.labs.harness.text.LabText}.
 */
@NullMarked
package dev.perimeter.labs.harness.text;

import org.jspecify.annotations.NullMarked;
