package dev.perimeter.shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Collects warnings and errors from when it is attached; at the end there must be none that nobody expected. */
final class LogGuard extends AppenderBase<ILoggingEvent> {

    private final List<ILoggingEvent> warnings = new CopyOnWriteArrayList<>();

    /** To be called after a service started: starting one sets logging up anew. */
    static LogGuard attach() {
        var guard = new LogGuard();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        guard.setContext(root.getLoggerContext());
        guard.start();
        root.addAppender(guard);
        return guard;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            warnings.add(event);
        }
    }

    void assertNothingBut(Predicate<ILoggingEvent> expected) {
        assertThat(warnings.stream().filter(expected.negate()).map(Object::toString))
                .isEmpty();
    }
}
