/**
 * From a chosen cluster to an answer: attempts, connection pools, time-outs. Start here: {@code
 * UpstreamRequest}.
 */
@NullMarked
package dev.perimeter.proxy.upstream;

import org.jspecify.annotations.NullMarked;
