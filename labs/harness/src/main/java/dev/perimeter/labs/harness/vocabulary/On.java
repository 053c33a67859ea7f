package dev.perimeter.labs.harness.vocabulary;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A check that must hold while the named toggle is on; it fails when the toggle is off. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface On {

    /** The name of the toggle. */
    String value();
}
