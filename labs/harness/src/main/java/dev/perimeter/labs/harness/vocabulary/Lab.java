package dev.perimeter.labs.harness.vocabulary;

import dev.perimeter.labs.harness.check.CheckExtension;
import dev.perimeter.labs.harness.check.LadderOrder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks a class whose methods are checks of a lab. They run in the order of their ids, and only under a checker. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CheckExtension.class)
@TestMethodOrder(LadderOrder.class)
public @interface Lab {

    /** The number of the lab. */
    int value();
}
