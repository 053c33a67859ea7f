/** What a change of protocol means for its message. Start here: {@link dev.perimeter.proxy.http.upgrade.WebSocketKey}. */
@NullMarked
package dev.perimeter.proxy.http.upgrade;

import org.jspecify.annotations.NullMarked;
