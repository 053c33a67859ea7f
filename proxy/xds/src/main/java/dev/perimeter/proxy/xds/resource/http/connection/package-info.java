/** What a connection manager says beside its routes and filters. Start here: {@link dev.perimeter.proxy.xds.resource.http.connection.EdgeBehaviourReader}. */
@NullMarked
package dev.perimeter.proxy.xds.resource.http.connection;

import org.jspecify.annotations.NullMarked;
