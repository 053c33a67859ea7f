/** What a request says of its way here. Start here: {@link dev.perimeter.proxy.exchange.edge.ClientCertHeader}. */
@NullMarked
package dev.perimeter.proxy.exchange.edge;

import org.jspecify.annotations.NullMarked;
