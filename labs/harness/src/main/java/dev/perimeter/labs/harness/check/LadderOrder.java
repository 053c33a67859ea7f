package dev.perimeter.labs.harness.check;

import dev.perimeter.labs.harness.vocabulary.Graded;
import java.util.Comparator;
import org.junit.jupiter.api.MethodDescriptor;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;

/** Runs checks in the order of the numbers in their ids. */
public final class LadderOrder implements MethodOrderer {

    @Override
    public void orderMethods(MethodOrdererContext context) {
        context.getMethodDescriptors().sort(Comparator.comparingInt(LadderOrder::number));
    }

    private static int number(MethodDescriptor method) {
        return method.findAnnotation(Graded.class)
                .map(graded -> graded.hint().substring(graded.hint().indexOf('.') + 1))
                .filter(number -> number.matches("[0-9]{1,6}"))
                .map(Integer::parseInt)
                .orElse(Integer.MAX_VALUE);
    }
}
