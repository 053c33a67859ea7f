/**
 * What a request says of its way here, and what of it is believed. Start here:
 * {@link dev.perimeter.proxy.exchange.edge.TrustedClient}.
 */
@NullMarked
package dev.perimeter.proxy.exchange.edge;

import org.jspecify.annotations.NullMarked;
