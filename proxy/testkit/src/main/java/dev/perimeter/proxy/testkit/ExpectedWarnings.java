package dev.perimeter.proxy.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The warnings a test class provokes on purpose; {@link LogGuard} fails it for any other. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ExpectedWarnings {

    /** Regular expressions, each found in the line of a warning. */
    String[] value();
}
