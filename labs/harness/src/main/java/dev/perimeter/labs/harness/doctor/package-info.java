/**
 * Whether this machine has what a mesh needs. Start here: {@link dev.perimeter.labs.harness.doctor.Doctor}.
 */
@NullMarked
package dev.perimeter.labs.harness.doctor;

import org.jspecify.annotations.NullMarked;
