/**
 * The {@code scripts/lab} command: everything a learner types, and the machinery behind it. Start here: {@link
 * dev.perimeter.labs.harness.Main}, then the catalogue {@link dev.perimeter.labs.harness.cli.Commands}.
 */
@NullMarked
package dev.perimeter.labs.harness;

import org.jspecify.annotations.NullMarked;
