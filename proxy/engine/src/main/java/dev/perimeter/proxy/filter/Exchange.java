package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.snapshot.Snapshot;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One request and its response, as filters see it. To be used on {@link #loop()} only. */
public interface Exchange {

    RequestHead request();

    /** The response's head, or null as long as there is none. */
    @Nullable
    ResponseHead response();

    /** The route the request takes, or null when none matched. */
    @Nullable
    Route route();

    /** The cluster the route chose for this request, known or not; null when it does not forward. */
    @Nullable
    String targetCluster();

    /** Address and port of the endpoint that was asked last, or null while none was. */
    @Nullable
    String upstreamHost();

    /** The configuration this exchange began with and keeps until its end. */
    Snapshot snapshot();

    <T> @Nullable T get(Attribute<T> attribute);

    <T> void put(Attribute<T> attribute, T value);

    /** Changes headers; values of edits may speak of this exchange. */
    void edit(HeaderEdits edits, Headers headers);

    /** Adds a flag to the access log line. */
    void flag(ResponseFlag flag);

    /** Monotonic nanoseconds; the only clock a filter may ask. */
    LongSupplier clock();

    /** When the exchange must be over, in nanoseconds of {@link #clock()}; {@code Long.MAX_VALUE} for never. */
    long deadline();

    /** The event loop of the exchange; a filter that waits comes back on it. */
    EventExecutor loop();

    /** The number of the loop, from 0: the index of its cells in every metric. */
    int loopNumber();

    /** The loop's source of chance; seeded in tests. */
    RandomGenerator random();

    /** The bare address of the client. */
    String remoteHost();

    /** A cluster of the configuration this exchange began with, or null. */
    @Nullable
    Cluster cluster(String name);

    /** What the exchanges of one connection share. */
    <T> @Nullable T getOfConnection(Attribute<T> attribute);

    <T> void putOfConnection(Attribute<T> attribute, T value);

    /** The way to the upstream. */
    Flow requestFlow();

    /** The way to the client. */
    Flow responseFlow();

    /** Ends the exchange with the reply of this failure, from wherever a filter finds out; cuts it off once the response began. */
    void end(Failure.Refused failure);
}
