/**
 * Where connections come in and an exchange begins and ends. Start here: {@link dev.perimeter.proxy.listen.DataPlane},
 * then {@code HttpExchange} for the way of one request.
 */
@NullMarked
package dev.perimeter.proxy.listen;

import org.jspecify.annotations.NullMarked;
