/**
 * The rules of the architecture, and for each rule a piece of code that breaks it. Start here: {@link WhoMayUseWhom}
 * (the table), {@link CodeRules} and {@link SourceRules} (the rest).
 */
@NullMarked
package dev.perimeter.endtoend.architecture;

import org.jspecify.annotations.NullMarked;
