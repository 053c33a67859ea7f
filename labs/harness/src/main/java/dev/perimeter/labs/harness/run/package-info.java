/**
 * What runs: the file that remembers it beyond the life of the one who wrote it. Start here: {@link
 * dev.perimeter.labs.harness.run.RunState}.
 */
@NullMarked
package dev.perimeter.labs.harness.run;

import org.jspecify.annotations.NullMarked;
