package dev.perimeter.proxy.sidecar;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first ends well with exit code 0, the second at once.
 *
 * <p>Implementation note: a shutdown hook can do neither, as the JVM then exits with 143 and hears no second signal. {@code
 * sun.misc.Signal} can; it is called by reflection because the compiler warns of it in a way that cannot be silenced. Where
 * it is missing, a shutdown hook is what remains.
 */
final class StopSignals {

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    /** What a shell reports for a process that was killed. */
    private static final int AT_ONCE = 137;

    private StopSignals() {}

    static void onFirst(Runnable stop) {
        AtomicBoolean stopping = new AtomicBoolean();
        Runnable received = () -> {
            if (!stopping.compareAndSet(false, true)) {
                Runtime.getRuntime().halt(AT_ONCE);
            }
            Thread.ofPlatform().name("stop").start(() -> {
                int code = 0;
                try {
                    stop.run();
                } catch (RuntimeException defect) {
                    LOG.error("stopping failed", defect);
                    code = 1;
                }
                System.exit(code);
            });
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handlerType);
            InvocationHandler behaviour = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    received.run();
                }
                return null;
            };
            Object handler =
                    Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, behaviour);
            for (String name : new String[] {"TERM", "INT"}) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (ReflectiveOperationException absent) {
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
        }
    }
}
