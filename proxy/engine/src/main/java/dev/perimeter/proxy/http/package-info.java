/** HTTP/1.1 on the wire: one strict parser over the received bytes, and streams that hide the version. Start here: {@link dev.perimeter.proxy.http.ServerStream}. */
@NullMarked
package dev.perimeter.proxy.http;

import org.jspecify.annotations.NullMarked;
