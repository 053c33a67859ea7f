/**
 * One strict reader of HTTP/1.1 (RFC 9112) over received bytes, however they are cut: heads, framing, content. Start
 * here: {@link dev.perimeter.proxy.http.parse.Violation}, {@link dev.perimeter.proxy.http.parse.RequestReader}.
 */
@NullMarked
package dev.perimeter.proxy.http.parse;

import org.jspecify.annotations.NullMarked;
