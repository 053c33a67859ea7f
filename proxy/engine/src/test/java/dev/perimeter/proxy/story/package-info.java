/**
 * Stories of whole exchanges: a client, the engine, upstreams, all on real sockets; here is what they share, and in a
 * package for each theme what they tell. Start here: {@link dev.perimeter.proxy.story.http.HappyPathTest}.
 */
@NullMarked
package dev.perimeter.proxy.story;

import org.jspecify.annotations.NullMarked;
