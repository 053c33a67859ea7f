package dev.perimeter.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBufAllocator;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.slf4j.LoggerFactory;

/** A guard that never speaks proves nothing: classes that ask for nothing and do wrong, and what becomes of them. */
class GuardsTest {

    static class Leaks {
        @Test
        void bufferIsForgotten() {
            // Netty tells each story of a leak once, so this one is told anew.
            ByteBufAllocator.DEFAULT.buffer().touch(System.nanoTime());
        }
    }

    static class Warns {
        @Test
        void warningIsLogged() {
            LoggerFactory.getLogger("shop").warn("the till is open");
        }
    }

    static class WarnsByTheJdksLogging {
        @Test
        void warningIsLogged() {
            java.util.logging.Logger.getLogger("shop").warning("the till is open");
        }
    }

    @ExpectedWarnings("the till is open")
    static class WarnsAsItSays {
        @Test
        void warningIsLogged() {
            LoggerFactory.getLogger("shop").warn("the till is open");
        }

        @Nested
        class Inside {
            @Test
            void warningIsLogged() {
                LoggerFactory.getLogger("shop").warn("the till is open");
            }
        }
    }

    @ExpectedWarnings("the door is open")
    static class WarnsOfSomethingElse {
        @Test
        void warningIsLogged() {
            LoggerFactory.getLogger("shop").warn("the till is open");
        }
    }

    static class Speaks {
        @Test
        void informationIsLogged() {
            LoggerFactory.getLogger("shop").info("no ERROR and no WARN");
            System.err.println("a line that is no log's");
        }
    }

    @Test
    void bufferNobodyReleased_failsTheClass() {
        assertThat(failuresOf(Leaks.class)).contains("1 leaked buffers", "GuardsTest$Leaks.bufferIsForgotten");
    }

    @Test
    void warning_failsTheClass() {
        assertThat(failuresOf(Warns.class)).contains("1 unexpected warnings", "WARN shop - the till is open");
        assertThat(failuresOf(WarnsByTheJdksLogging.class)).contains("1 unexpected warnings", "the till is open");
        assertThat(failuresOf(WarnsOfSomethingElse.class)).contains("1 unexpected warnings", "the till is open");
    }

    @Test
    void warningOnPurpose_andInformation_passes() {
        assertThat(failuresOf(WarnsAsItSays.class)).isEmpty();
        assertThat(failuresOf(Speaks.class)).isEmpty();
    }

    private static String failuresOf(Class<?> type) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(type))
                                .build(),
                        summary);
        StringWriter failures = new StringWriter();
        if (!summary.getSummary().getFailures().isEmpty()) {
            summary.getSummary().printFailuresTo(new PrintWriter(failures, true));
        }
        return failures.toString();
    }
}
