/**
 * From files to a verdict: a challenge against a subject, a ritual against a mesh with its toggle off and on.
 * Start here: {@link dev.perimeter.labs.harness.grade.ChallengeRun}, {@link dev.perimeter.labs.harness.grade.RitualRun}.
 */
@NullMarked
package dev.perimeter.labs.harness.grade;

import org.jspecify.annotations.NullMarked;
