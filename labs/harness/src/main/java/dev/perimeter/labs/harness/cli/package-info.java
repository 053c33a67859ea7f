/**
 * What can be typed after {@code scripts/lab}, one file a command. Start here: the catalogue {@link
 * dev.perimeter.labs.harness.cli.Commands}.
 */
@NullMarked
package dev.perimeter.labs.harness.cli;

import org.jspecify.annotations.NullMarked;
