package dev.perimeter.labs.harness.evidence;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a lab's checks and observations may know of a mesh: nothing but what its processes show to the outside.
 *
 * <p>Calls answer with what is there now. What is still on its way is waited for with {@link #await}; no check ever
 * waits for time to pass.
 */
public interface Evidence {

    /** The names of the processes that run, as {@code scripts/lab status} calls them. */
    List<String> processes();

    /** What the system says of one of them; empty when it does not run. */
    Optional<ProcessFacts> process(String name);

    /** The address a process listens on for others, {@code host:port}; empty when it does not run. */
    Optional<String> address(String process);

    /** The access log lines of all proxies that tell of one request, outermost hop first. */
    List<AccessLogLine> lines(String requestId);

    /** The access log of one proxy, in the order it was written. */
    List<AccessLogLine> log(String process);

    /** A page of a process's admin address, such as {@code /clusters}; empty when it does not answer. */
    Optional<String> admin(String process, String path);

    /** The sockets of this machine; owners are the processes of the mesh. */
    SocketTable sockets();

    /** The process with that id; empty when it is none of the mesh. */
    Optional<String> nameOf(long pid);

    /** Places one order at the gateway. */
    Reply order();

    /** The state of an order at the gateway: {@code PENDING}, {@code PAID} and so on; empty when it has none yet. */
    Optional<String> orderState(String location);

    /**
     * Sends a request the way an application beside a proxy would.
     *
     * @param proxy {@code host:port} of the proxy; empty to send it directly
     */
    Reply get(Optional<String> proxy, String url);

    /**
     * Looks again and again until there is something to see.
     *
     * @param what what is looked for, in words, for the failure
     * @throws AssertionError when it did not come within the longest a mesh may take
     */
    <T> T await(String what, Supplier<Optional<T>> look);
}
