/** Stories of whole exchanges: a client, the engine, upstreams, all on real sockets. Start here: {@link dev.perimeter.proxy.story.HappyPathTest}. */
@NullMarked
package dev.perimeter.proxy.story;

import org.jspecify.annotations.NullMarked;
