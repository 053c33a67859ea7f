/**
 * Runs the checks of a lab and tells how they went as a story.
 * Start here: {@link dev.perimeter.labs.harness.check.Checker}, {@link dev.perimeter.labs.harness.check.Story}.
 */
@NullMarked
package dev.perimeter.labs.harness.check;

import org.jspecify.annotations.NullMarked;
