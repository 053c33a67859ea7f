package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.accept.ChainIndex;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener ready to serve.
 *
 * @param chains in the order of the config, which is also how {@code index} names them
 */
public record ListenerRuntime(
        ListenerConfig config,
        ChainIndex index,
        List<ChainRuntime> chains,
        @Nullable ChainRuntime defaultChain) {}
