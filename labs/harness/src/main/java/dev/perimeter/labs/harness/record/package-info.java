/** What a learner did so far, kept under {@code .lab/labs}. Start here: {@link dev.perimeter.labs.harness.record.LearnerRecord}. */
@NullMarked
package dev.perimeter.labs.harness.record;

import org.jspecify.annotations.NullMarked;
