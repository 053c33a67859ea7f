/**
 * Listeners: their sockets, what is found out about a connection, and the filter chains that take it. Start here: {@link
 * dev.perimeter.proxy.xds.resource.listener.ListenerReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.listener;

import org.jspecify.annotations.NullMarked;
