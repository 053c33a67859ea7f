package dev.perimeter.labs.harness.check;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs classes of checks on the JUnit platform, inside this process, on the calling thread. */
public final class Checker {

    private Checker() {}

    /**
     * Runs the checks of these classes one after the other.
     *
     * @return every check that belongs to the run, in the order they were taken
     */
    public static List<CheckResult> run(CheckContext context, List<Class<?>> suites) {
        LauncherConfig config = LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .build();
        Broken broken = new Broken();
        for (Class<?> suite : suites) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectClass(suite))
                    .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                    .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                    .build();
            ScopedValue.where(CheckContext.CURRENT, context)
                    .run(() -> LauncherFactory.create(config).execute(request, broken));
        }
        List<CheckResult> results = new ArrayList<>(context.results());
        results.addAll(broken.results);
        return results;
    }

    /** A suite that cannot be run at all must not look like one without failures. */
    private static final class Broken implements TestExecutionListener {

        private final List<CheckResult> results = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier what, TestExecutionResult how) {
            if (what.isContainer() && how.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                String why = how.getThrowable().map(Throwable::toString).orElse("it was aborted");
                results.add(
                        new CheckResult("suite", what.getDisplayName(), Status.INFRA, 0, "", false, new Story(), why));
            }
        }
    }
}
