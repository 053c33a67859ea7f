package dev.perimeter.proxy.sidecar.admin.operate;

import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /logging}: without a query what is logged, {@code ?level=debug} for all, {@code ?listen=debug} for one.
 *
 * <p>Implementation note: SLF4J has no way to change a level and its simple binding, which a proxy has, none either; its
 * field is set by reflection, and the page says so where there is another binding.
 */
public final class LoggingPage implements AdminPage {

    /** A level of Envoy's, as a number of the simple binding. */
    private static final Map<String, Integer> LEVELS = Map.of(
            "trace", 0, "debug", 10, "info", 20, "warning", 30, "warn", 30, "error", 40, "critical", 40, "off", 50);

    /** The areas a level can be set for; each is a package. */
    private static final List<String> AREAS =
            List.of("listen", "exchange", "upstream", "tls", "xds", "sidecar", "overload", "observe");

    @Override
    public Set<String> parameters() {
        return Set.of("*");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        for (String name : query.names()) {
            Integer level = LEVELS.get(query.get(name, ""));
            if (level == null) {
                return AdminPage.wrong(name, "must be one of trace, debug, info, warning, error, critical and off");
            }
            List<String> areas = name.equals("level") ? AREAS : List.of(name);
            if (!AREAS.containsAll(areas)) {
                return AdminPage.wrong(name, "must be level or one of " + String.join(", ", AREAS));
            }
            for (String area : areas) {
                if (!set(area, level)) {
                    return AdminReply.text(503, "the logging of this process cannot be changed while it runs\n");
                }
            }
        }
        StringBuilder text = new StringBuilder("active loggers:\n");
        AREAS.forEach(area ->
                text.append("  ").append(area).append(": ").append(level(area)).append('\n'));
        return AdminReply.text(200, text.toString());
    }

    /** Loggers are made on first use, so those of an area are found through the binding's own table. */
    private static boolean set(String area, int level) {
        boolean any = false;
        for (Object logger : loggers().values()) {
            if (((Logger) logger).getName().startsWith(prefix(area))) {
                any |= setField(logger, level);
            }
        }
        return any | setField(LoggerFactory.getLogger(prefix(area)), level);
    }

    private static String level(String area) {
        Logger logger = LoggerFactory.getLogger(prefix(area));
        return logger.isTraceEnabled()
                ? "trace"
                : logger.isDebugEnabled()
                        ? "debug"
                        : logger.isInfoEnabled()
                                ? "info"
                                : logger.isWarnEnabled() ? "warning" : logger.isErrorEnabled() ? "error" : "off";
    }

    private static String prefix(String area) {
        return "dev.perimeter.proxy." + area;
    }

    private static Map<?, ?> loggers() {
        Object factory = LoggerFactory.getILoggerFactory();
        try {
            Field table = factory.getClass().getDeclaredField("loggerMap");
            table.setAccessible(true);
            return table.get(factory) instanceof Map<?, ?> map ? map : Map.of();
        } catch (ReflectiveOperationException | RuntimeException other) {
            return Map.of();
        }
    }

    private static boolean setField(@Nullable Object logger, int level) {
        if (logger == null) {
            return false;
        }
        try {
            Field field = logger.getClass().getDeclaredField("currentLogLevel");
            field.setAccessible(true);
            field.setInt(logger, level);
            return true;
        } catch (ReflectiveOperationException | RuntimeException other) {
            return false;
        }
    }
}
