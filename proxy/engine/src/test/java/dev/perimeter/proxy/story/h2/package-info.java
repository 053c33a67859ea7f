/** HTTP/2 on either side: exchanges, violations, floods. Start here: {@link dev.perimeter.proxy.story.h2.Http2ExchangeTest}. */
@NullMarked
package dev.perimeter.proxy.story.h2;

import org.jspecify.annotations.NullMarked;
