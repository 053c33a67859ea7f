package dev.perimeter.proxy.benchmarks.pace;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An open loop over plain HTTP/1.1: requests leave at moments fixed beforehand, evenly spread, whether or not the ones
 * before were answered. Prints one line: requests, failed ones, then p50, p99 and the slowest in microseconds.
 *
 * <p>Arguments: URL, Host field, requests a second, connections, seconds.
 *
 * <p>Implementation note. One thread and one connection for each of the N places in turn, so no request waits for
 * another's answer unless that takes N times the distance of two requests; and if it does, the wait is counted.
 */
public final class Pace {

    /** What compiles and connects meanwhile is not measured. */
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Pace() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 5) {
            System.err.println("Usage: pace URL HOST RATE CONNECTIONS SECONDS");
            System.exit(2);
        }
        URI uri = URI.create(arguments[0]);
        int rate = Integer.parseInt(arguments[2]);
        int connections = Integer.parseInt(arguments[3]);
        int seconds = Integer.parseInt(arguments[4]);
        long period = TimeUnit.SECONDS.toNanos(connections) / rate;
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        long measured = begin + WARM_UP_NANOS;
        long end = measured + TimeUnit.SECONDS.toNanos(seconds);
        List<Place> places = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Place place =
                    new Place(uri, arguments[1], new Schedule(begin + period * i / connections, period, measured, end));
            places.add(place);
            threads.add(Thread.ofPlatform().start(place));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        print(places);
    }

    private static void print(List<Place> places) {
        int failed = places.stream().mapToInt(Place::failed).sum();
        long[] took = places.stream().flatMapToLong(Place::took).toArray();
        Arrays.sort(took);
        System.out.printf("%d %d %d %d %d%n", took.length + failed, failed, at(took, 0.5), at(took, 0.99), at(took, 1));
    }

    private static long at(long[] sorted, double share) {
        int index = (int) Math.ceil(sorted.length * share) - 1;
        return sorted.length == 0 ? 0 : sorted[Math.max(0, index)] / 1000;
    }
}
