package dev.perimeter.proxy.balance.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash64A of a whole byte array (Austin Appleby, public domain), as GNU's C++ library hashes text. */
public final class MurmurHash2 {

    /** The seed of std::hash, which Envoy takes for MURMUR_HASH_2. */
    public static final long STANDARD_LIBRARY_SEED = 0xc70f6907L;

    private static final long M = 0xc6a4a7935bd1e995L;
    private static final int R = 47;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private MurmurHash2() {}

    public static long hash(byte[] input, long seed) {
        long hash = seed ^ input.length * M;
        int at = 0;
        for (; at <= input.length - 8; at += 8) {
            long data = (long) LONGS.get(input, at) * M;
            hash = (hash ^ (data ^ data >>> R) * M) * M;
        }
        if (at < input.length) {
            long rest = 0;
            for (int i = input.length - 1; i >= at; i--) {
                rest = rest << 8 | input[i] & 0xFF;
            }
            hash = (hash ^ rest) * M;
        }
        hash = (hash ^ hash >>> R) * M;
        return hash ^ hash >>> R;
    }
}
