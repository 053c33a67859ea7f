package dev.perimeter.labs.harness.submission;

import java.util.Optional;
import java.util.Set;

/** Methods and fields that reach further than the class they belong to, which is {@link Permitted}. */
final class Barred {

    static final String THREADS =
            "it may bring threads of its own; a submission lives on the event loop it is called on";

    static final String MEMORY =
            "it reaches memory past the host, which counts it; take buffers from a connection's alloc() or from"
                    + " Unpooled";

    /** Of Netty: another source of a channel's memory, the ways to name it, who counts it, and its raw address. */
    private static final Set<String> OF_NETTY =
            Set.of("ALLOCATOR", "setAllocator", "getOptions", "setLeakListener", "memoryAddress");

    private Barred() {}

    /**
     * Why that method or field may not be used, whichever class of its family is named.
     *
     * @param descriptor its type as class files have it, which tells overloads apart
     */
    static Optional<String> why(String owner, String member, String descriptor) {
        if (bringsThreads(owner, member, descriptor)) {
            return Optional.of(THREADS);
        }
        return reachesMemory(owner, member, descriptor) ? Optional.of(MEMORY) : Optional.empty();
    }

    private static boolean bringsThreads(String owner, String member, String descriptor) {
        // "parallel" of a stream, and "parallelSort" of arrays, take threads from a pool.
        return member.startsWith("parallel")
                || switch (owner) {
                    // Each takes, before all else, from how many elements on it may go parallel.
                    case "java.util.concurrent.ConcurrentHashMap" -> descriptor.startsWith("(J");
                    case "java.util.stream.Gatherers" -> member.equals("mapConcurrent");
                    // The virtual machine calls it on a thread of its own.
                    case "java.lang.Object" -> member.equals("finalize");
                    default -> false;
                };
    }

    private static boolean reachesMemory(String owner, String member, String descriptor) {
        return (owner.startsWith("io.netty.") && OF_NETTY.contains(member))
                || switch (owner) {
                    case "io.netty.channel.ChannelOption" -> member.equals("valueOf") || member.equals("newInstance");
                    // At an address, and not around an array.
                    case "io.netty.buffer.Unpooled" -> member.equals("wrappedBuffer") && descriptor.startsWith("(J");
                    default -> false;
                };
    }
}
