/**
 * How a message passes the filters of its exchange, in order and at the pace of whoever waits. Start here: {@link
 * dev.perimeter.proxy.filter.chain.FilterChain}, {@link dev.perimeter.proxy.filter.chain.Lane}.
 */
@NullMarked
package dev.perimeter.proxy.filter.chain;

import org.jspecify.annotations.NullMarked;
