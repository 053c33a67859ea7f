/**
 * How an accepted connection finds its filter chain: what is known of it, what its first bytes say, and the index over
 * the matches of the chains. Start here: {@link dev.perimeter.proxy.accept.ConnectionFacts}, {@link
 * dev.perimeter.proxy.accept.ChainIndex}.
 */
@NullMarked
package dev.perimeter.proxy.accept;

import org.jspecify.annotations.NullMarked;
