/**
 * Which route takes a request, at a cost that does not grow with the number of routes. Start here: {@link
 * dev.perimeter.proxy.route.select.RouteIndex}.
 */
@NullMarked
package dev.perimeter.proxy.route.select;

import org.jspecify.annotations.NullMarked;
