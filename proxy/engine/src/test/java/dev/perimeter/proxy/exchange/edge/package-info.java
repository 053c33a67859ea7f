/** Whom requests are taken to be from. Start here: {@link dev.perimeter.proxy.exchange.edge.TrustedClientTest}. */
@NullMarked
package dev.perimeter.proxy.exchange.edge;

import org.jspecify.annotations.NullMarked;
