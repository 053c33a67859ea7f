/**
 * What a request says about itself, and passes on: request id and W3C trace context. No proxy can do this part for an
 * application, because only the application knows which outgoing call belongs to which incoming one.
 *
 * <p>Start here: {@link dev.perimeter.shop.order.trace.Trace}.
 */
@NullMarked
package dev.perimeter.shop.order.trace;

import org.jspecify.annotations.NullMarked;
