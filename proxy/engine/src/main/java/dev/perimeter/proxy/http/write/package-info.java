/** Where heads are put together before they leave. Start here: {@link dev.perimeter.proxy.http.write.HeadBuffer}. */
@NullMarked
package dev.perimeter.proxy.http.write;

import org.jspecify.annotations.NullMarked;
