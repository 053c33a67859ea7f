package dev.perimeter.labs.harness.submission;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The classes of Java and of Netty a submission may name. A list of what is allowed and not of what is forbidden: there
 * are more ways to find a class, open a file or start a thread than anybody can write down, and a relay needs none.
 */
final class Permitted {

    /** To be constructed, thrown and caught, whatever else their package holds. */
    private static final Pattern FAILURES =
            Pattern.compile("(java\\.(lang|util|util\\.concurrent|io|net|nio|nio\\.channels|nio\\.charset)"
                    + "|io\\.netty\\.(buffer|channel|channel\\.socket|util))\\.[A-Za-z]*(Exception|Error)");

    /** Packages of values and of functions, in which nothing reaches further. */
    private static final Set<String> WHOLE_PACKAGES = Set.of(
            "java.util.concurrent.atomic",
            "java.util.function",
            "java.util.stream",
            "io.netty.buffer",
            "io.netty.channel");

    /** In these packages, what moves files, makes objects of a class it is given, brings threads or memory of its own. */
    private static final Pattern EXCEPT = Pattern.compile("io\\.netty\\.channel\\.(.*FileRegion|Reflective.*"
            + "|.*ThreadPer.*|.*(?<=[a-z])EventLoop.*|.*IoHandler.*|.*Bootstrap.*|.*RecvByteBufAllocator\\$.*)"
            + "|io\\.netty\\.buffer\\.(.*Unsafe.*|.*(?<=[a-z])ByteBufAllocator.*)"
            + "|java\\.util\\.stream\\.StreamSupport");

    private static final Set<String> LANGUAGE = in(
            "java.lang",
            "Object String StringBuilder CharSequence Comparable Iterable Runnable AutoCloseable Cloneable Record Enum"
                    + " Math StrictMath Number Integer Long Short Byte Character Boolean Double Float Void"
                    + " Throwable StackTraceElement Override Deprecated SafeVarargs SuppressWarnings"
                    + " FunctionalInterface");

    private static final Set<String> COLLECTIONS = in(
            "java.util",
            "Collection SequencedCollection List Set Map Map$Entry Queue Deque Iterator ListIterator"
                    + " SequencedMap SequencedSet SortedMap NavigableMap SortedSet NavigableSet"
                    + " AbstractMap$SimpleEntry AbstractMap$SimpleImmutableEntry"
                    + " ArrayList ArrayDeque LinkedList LinkedHashMap LinkedHashSet HashMap HashSet TreeMap TreeSet"
                    + " EnumMap EnumSet IdentityHashMap WeakHashMap PriorityQueue BitSet"
                    + " Arrays Collections Comparator Objects Optional OptionalInt OptionalLong OptionalDouble"
                    + " Random StringJoiner HexFormat UUID Locale");

    private static final Set<String> CONCURRENT = in(
            "java.util.concurrent",
            "TimeUnit ConcurrentMap ConcurrentHashMap ConcurrentLinkedQueue ConcurrentLinkedDeque"
                    + " CopyOnWriteArrayList BlockingQueue LinkedBlockingQueue ArrayBlockingQueue CountDownLatch"
                    + " Semaphore ThreadLocalRandom Callable Future ScheduledFuture");

    private static final Set<String> PLAIN = Set.of(
            "java.util.concurrent.locks.Lock",
            "java.util.concurrent.locks.ReentrantLock",
            "java.io.Serializable",
            "java.io.Closeable",
            "java.net.SocketAddress",
            "java.net.InetSocketAddress",
            "java.nio.ByteBuffer",
            "java.nio.ByteOrder",
            "java.nio.charset.Charset",
            "java.nio.charset.StandardCharsets",
            "java.time.Duration",
            "java.time.Instant");

    private static final Set<String> NETTY = Set.of(
            "io.netty.channel.socket.ChannelInputShutdownEvent",
            "io.netty.channel.socket.ChannelInputShutdownReadComplete",
            "io.netty.channel.socket.ChannelOutputShutdownEvent",
            "io.netty.channel.socket.DuplexChannel",
            "io.netty.channel.socket.DuplexChannelConfig",
            "io.netty.channel.socket.SocketChannel",
            "io.netty.channel.socket.SocketChannelConfig",
            "io.netty.util.Attribute",
            "io.netty.util.AttributeKey",
            "io.netty.util.AttributeMap",
            "io.netty.util.ReferenceCounted",
            "io.netty.util.ReferenceCountUtil",
            "io.netty.util.concurrent.EventExecutor",
            "io.netty.util.concurrent.Future",
            "io.netty.util.concurrent.FutureListener",
            "io.netty.util.concurrent.GenericFutureListener",
            "io.netty.util.concurrent.Promise",
            "io.netty.util.concurrent.ScheduledFuture");

    /** Classes of which a submission may use some methods and fields only. */
    private static final Map<String, Set<String>> IN_PART = Map.of(
            "java.lang.System",
            Set.of("out", "err", "nanoTime", "currentTimeMillis", "arraycopy", "identityHashCode", "lineSeparator"),
            "java.io.PrintStream",
            Set.of("print", "println", "printf", "format", "append", "flush"),
            "java.lang.Thread",
            Set.of("currentThread", "sleep", "interrupt", "interrupted", "isInterrupted", "onSpinWait", "getName"),
            "java.lang.Class",
            Set.of("getName", "getSimpleName", "desiredAssertionStatus"));

    /** What the compiler itself calls for lambdas, texts joined by +, records and switches over patterns. */
    private static final Set<String> LINKAGE = Set.of(
            "java.lang.invoke.LambdaMetafactory",
            "java.lang.invoke.StringConcatFactory",
            "java.lang.invoke.ConstantBootstraps",
            "java.lang.runtime.ObjectMethods",
            "java.lang.runtime.SwitchBootstraps");

    /** What those in turn are given for a switch over constants of an enum. */
    private static final Set<String> LINKED = Set.of("java.lang.Enum$EnumDesc.of", "java.lang.constant.ClassDesc.of");

    private Permitted() {}

    /** Whether a class may be named at all. */
    static boolean type(String name) {
        return LANGUAGE.contains(name)
                || COLLECTIONS.contains(name)
                || CONCURRENT.contains(name)
                || PLAIN.contains(name)
                || NETTY.contains(name)
                || IN_PART.containsKey(name)
                || FAILURES.matcher(name).matches()
                || (WHOLE_PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))
                        && !EXCEPT.matcher(name).matches());
    }

    /** Whether a method or field of a class that may be named may be used; {@code <init>} is a constructor. */
    static boolean member(String owner, String member) {
        return !IN_PART.containsKey(owner)
                || IN_PART.getOrDefault(owner, Set.of()).contains(member);
    }

    /** Whether the compiler links a call by that class. */
    static boolean linkage(String owner) {
        return LINKAGE.contains(owner);
    }

    /** Whether the compiler hands that method to one that links. */
    static boolean linked(String owner, String member) {
        return LINKED.contains(owner + "." + member);
    }

    private static Set<String> in(String packageName, String simpleNames) {
        return Arrays.stream(simpleNames.split(" "))
                .map(name -> packageName + "." + name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
