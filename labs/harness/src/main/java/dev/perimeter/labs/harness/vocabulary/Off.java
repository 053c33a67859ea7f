package dev.perimeter.labs.harness.vocabulary;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A check that must hold while the named toggle is off; it fails when the toggle is on. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Off {

    /** The name of the toggle. */
    String value();
}
