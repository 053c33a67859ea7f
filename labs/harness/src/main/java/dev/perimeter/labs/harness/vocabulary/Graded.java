package dev.perimeter.labs.harness.vocabulary;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** One check: a JUnit test that tells its story and earns points. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
public @interface Graded {

    /** What it earns when it passes; nothing otherwise. */
    int points();

    /** The line of {@code rubric.yaml} the points go to. */
    String criterion() default "challenge";

    /** Checks that belong together in a report. */
    String group() default "core";

    /** The id of the check, lab and number ({@code 10.2}), under which {@code scripts/lab hint} knows it. */
    String hint();

    /** Ids of checks without which this one means nothing: as long as one has not passed, it is not reached. */
    String[] after() default {};

    /** Statements of {@code labs/statements.yaml} that this check shows to be true. */
    String[] shows() default {};
}
