/**
 * Reads what is HTTP in a configuration: the connection manager, its filter chain, access logs and route tables.
 *
 * <p>Start here: {@link dev.perimeter.proxy.xds.resource.http.HttpManagerReader} and {@link
 * dev.perimeter.proxy.xds.resource.http.RouteTableReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.http;

import org.jspecify.annotations.NullMarked;
