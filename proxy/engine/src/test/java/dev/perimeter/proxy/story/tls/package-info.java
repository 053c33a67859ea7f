/** TLS with clients and with upstreams. Start here: {@link dev.perimeter.proxy.story.tls.TlsTest}. */
@NullMarked
package dev.perimeter.proxy.story.tls;

import org.jspecify.annotations.NullMarked;
