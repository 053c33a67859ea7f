package dev.perimeter.labs.harness.check;

import dev.perimeter.labs.harness.evidence.Before;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.fault.Faults;
import dev.perimeter.labs.harness.submission.Subject;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Hidden;
import dev.perimeter.labs.harness.vocabulary.Off;
import dev.perimeter.labs.harness.vocabulary.On;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives a check what it asks for by type ({@link Story}, {@link Subject}, {@link Evidence}, {@link Before},
 * {@link Faults}, {@link Random}), leaves out
 * the ones that do not belong to this run, and notes how each ended.
 *
 * <p>Outside a {@link Checker} every check is disabled, so that a build tool that finds a suite by accident does not run
 * it without a subject.
 */
public final class CheckExtension implements ParameterResolver, ExecutionCondition, TestWatcher {

    private static final String NOT_OURS = "not part of this run";
    private static final Set<Class<?>> GIVEN =
            Set.of(Story.class, Subject.class, Evidence.class, Before.class, Faults.class, Random.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!CheckContext.CURRENT.isBound()) {
            return ConditionEvaluationResult.disabled("checks run under `scripts/lab check`");
        }
        Optional<Graded> graded = graded(context);
        if (graded.isEmpty()) {
            return ConditionEvaluationResult.enabled("a class of checks");
        }
        CheckContext run = CheckContext.CURRENT.get();
        if (!belongs(context.getRequiredTestMethod(), run)
                || !run.wants(graded.get().hint())) {
            return ConditionEvaluationResult.disabled(NOT_OURS);
        }
        return Arrays.stream(graded.get().after())
                .filter(needed -> !run.reached(needed))
                .findFirst()
                .map(needed -> ConditionEvaluationResult.disabled("stands on " + needed + ", which has not passed"))
                .orElseGet(() -> ConditionEvaluationResult.enabled("reached"));
    }

    private static boolean belongs(Method check, CheckContext run) {
        Optional<String> off =
                Optional.ofNullable(check.getAnnotation(Off.class)).map(Off::value);
        Optional<String> on = Optional.ofNullable(check.getAnnotation(On.class)).map(On::value);
        if (run.toggle().isEmpty()) {
            return off.isEmpty() && on.isEmpty();
        }
        Optional<String> wanted = run.toggle().get().on() ? on : off;
        return wanted.equals(Optional.of(run.toggle().get().name()));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return GIVEN.contains(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        CheckContext run = CheckContext.CURRENT.get();
        Class<?> type = parameter.getParameter().getType();
        if (type == Story.class) {
            return story(context);
        }
        if (type == Random.class) {
            return run.random(graded(context).map(Graded::hint).orElse(""));
        }
        if (type == Before.class) {
            return run.toggle().orElseThrow().before();
        }
        if (type == Faults.class) {
            return run.faults().orElseThrow();
        }
        return type == Subject.class
                ? run.subject().orElseThrow()
                : run.evidence().orElseThrow();
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, Status.PASS, "");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        switch (cause) {
            case CheckFailed failed -> note(context, failed.status(), "");
            case AssertionError wrong -> {
                story(context).butGot(String.valueOf(wrong.getMessage()), "", "");
                note(context, Status.FAIL, "");
            }
            case null, default -> note(context, Status.INFRA, String.valueOf(cause));
        }
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        note(context, Status.SKIPPED, cause == null ? "" : String.valueOf(cause.getMessage()));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        if (CheckContext.CURRENT.isBound() && !reason.equals(Optional.of(NOT_OURS))) {
            note(context, Status.NOT_REACHED, reason.orElse(""));
        }
    }

    private static void note(ExtensionContext context, Status status, String note) {
        Graded graded = graded(context).orElseThrow();
        Method check = context.getRequiredTestMethod();
        boolean hidden = check.isAnnotationPresent(Hidden.class)
                || check.getDeclaringClass().isAnnotationPresent(Hidden.class);
        CheckContext.CURRENT
                .get()
                .add(new CheckResult(
                        graded.hint(),
                        context.getDisplayName(),
                        status,
                        graded.points(),
                        graded.criterion(),
                        hidden,
                        story(context),
                        note));
    }

    private static Story story(ExtensionContext context) {
        return CheckContext.CURRENT.get().story(context.getUniqueId());
    }

    private static Optional<Graded> graded(ExtensionContext context) {
        return context.getTestMethod().map(method -> method.getAnnotation(Graded.class));
    }
}
