/** Which cluster a request goes to. Start here: {@link dev.perimeter.proxy.route.RouteTable}. */
@NullMarked
package dev.perimeter.proxy.route;

import org.jspecify.annotations.NullMarked;
