/** What the machine knows of a peer that does not read, or is not read. Start here: {@link dev.perimeter.proxy.peer.PeerGone}. */
@NullMarked
package dev.perimeter.proxy.peer;

import org.jspecify.annotations.NullMarked;
