package dev.perimeter.proxy.balance.hash;

import java.nio.charset.StandardCharsets;

/** Envoy: ring_hash_lb_config.hash_function. */
public enum HashFunction {
    XX_HASH {
        @Override
        public long hash(byte[] key) {
            return XxHash64.hash(key, 0);
        }
    },
    MURMUR_HASH_2 {
        @Override
        public long hash(byte[] key) {
            return MurmurHash2.hash(key, MurmurHash2.STANDARD_LIBRARY_SEED);
        }
    };

    /** 64 bits, to be compared as unsigned. */
    public abstract long hash(byte[] key);

    /** Of the text's UTF-8 bytes. */
    public long hash(String key) {
        return hash(key.getBytes(StandardCharsets.UTF_8));
    }
}
