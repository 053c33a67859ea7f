/**
 * A learner's class on its way to a verdict: compiled, looked at before it runs, then run in a process of its own.
 * Start here: {@link dev.perimeter.labs.harness.submission.SubmissionCompiler},
 * {@link dev.perimeter.labs.harness.submission.ClassInspector}, {@link dev.perimeter.labs.harness.submission.Worker}.
 */
@NullMarked
package dev.perimeter.labs.harness.submission;

import org.jspecify.annotations.NullMarked;
