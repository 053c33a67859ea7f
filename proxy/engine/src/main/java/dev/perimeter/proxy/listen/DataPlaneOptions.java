package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.runtime.OwnPlace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a data plane is given from outside; everything else comes as a snapshot.
 *
 * @param loops number of event loops, 1 or more
 * @param accessLog where access log lines go
 * @param clock monotonic nanoseconds
 * @param calendar the time of day, for logs
 * @param seed of all random choices; equal seeds choose equally
 * @param nio input and output by Java's own selector even where the machine has better
 * @param jdkTls TLS by the JDK even where BoringSSL is there
 * @param overload when load is shed
 * @param place where this proxy is among its like
 */
public record DataPlaneOptions(
        int loops,
        OutputStream accessLog,
        LongSupplier clock,
        InstantSource calendar,
        long seed,
        boolean nio,
        boolean jdkTls,
        OverloadConfig overload,
        OwnPlace place) {

    /** TLS by BoringSSL where its library loads, for a proxy that does not know where it is. */
    public DataPlaneOptions(
            int loops, OutputStream accessLog, LongSupplier clock, InstantSource calendar, long seed, boolean nio) {
        this(loops, accessLog, clock, calendar, seed, nio, false, OverloadConfig.NONE, OwnPlace.UNKNOWN);
    }

    private static final int MOST_LOOPS = 4;

    /** For a process: a loop for each processor but few, as each costs memory, and standard output for the access log. */
    public static DataPlaneOptions forThisMachine() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new DataPlaneOptions(
                Math.clamp(processors, 1, MOST_LOOPS),
                new FileOutputStream(FileDescriptor.out),
                System::nanoTime,
                Clock.systemUTC(),
                System.nanoTime(),
                false,
                false,
                OverloadConfig.NONE,
                OwnPlace.UNKNOWN);
    }

    public DataPlaneOptions withLoops(int number) {
        return new DataPlaneOptions(number, accessLog, clock, calendar, seed, nio, jdkTls, overload, place);
    }

    public DataPlaneOptions withAccessLog(OutputStream out) {
        return new DataPlaneOptions(loops, out, clock, calendar, seed, nio, jdkTls, overload, place);
    }

    /** As on a machine without epoll. */
    public DataPlaneOptions withNio() {
        return new DataPlaneOptions(loops, accessLog, clock, calendar, seed, true, jdkTls, overload, place);
    }

    /** As on a machine without BoringSSL's library. */
    public DataPlaneOptions withJdkTls() {
        return new DataPlaneOptions(loops, accessLog, clock, calendar, seed, nio, true, overload, place);
    }

    public DataPlaneOptions withOverload(OverloadConfig config) {
        return new DataPlaneOptions(loops, accessLog, clock, calendar, seed, nio, jdkTls, config, place);
    }

    public DataPlaneOptions withPlace(OwnPlace own) {
        return new DataPlaneOptions(loops, accessLog, clock, calendar, seed, nio, jdkTls, overload, own);
    }
}
