/** Listeners and connections: what is accepted, detected, relayed, limited and drained, and how all that changes. Start here: {@link dev.perimeter.proxy.story.listen.ListenerTest}. */
@NullMarked
package dev.perimeter.proxy.story.listen;

import org.jspecify.annotations.NullMarked;
