/**
 * Heads as HTTP/2 carries them: received fields judged, sent fields encoded. Start here: {@link
 * dev.perimeter.proxy.http.hpack.ReceivedFields}, {@link dev.perimeter.proxy.http.hpack.SentFields}.
 */
@NullMarked
package dev.perimeter.proxy.http.hpack;

import org.jspecify.annotations.NullMarked;
