/**
 * The words in which the checks of a lab are written, on top of JUnit.
 * Start here: {@link dev.perimeter.labs.harness.vocabulary.Lab}, {@link dev.perimeter.labs.harness.vocabulary.Graded}.
 */
@NullMarked
package dev.perimeter.labs.harness.vocabulary;

import org.jspecify.annotations.NullMarked;
