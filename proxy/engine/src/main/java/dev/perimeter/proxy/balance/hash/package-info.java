/**
 * The two hash functions Envoy's consistent policies know, so that the same key goes to the same endpoint from either
 * proxy. Start here: {@link dev.perimeter.proxy.balance.hash.HashFunction}.
 */
@NullMarked
package dev.perimeter.proxy.balance.hash;

import org.jspecify.annotations.NullMarked;
