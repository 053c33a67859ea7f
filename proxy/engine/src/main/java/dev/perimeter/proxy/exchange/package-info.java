/** One request and its response, from head to access log. Start here: {@link dev.perimeter.proxy.exchange.HttpExchange}. */
@NullMarked
package dev.perimeter.proxy.exchange;

import org.jspecify.annotations.NullMarked;
