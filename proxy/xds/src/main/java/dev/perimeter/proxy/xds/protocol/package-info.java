/** Both variants of the xDS protocol as pure state machines. Start here: {@link dev.perimeter.proxy.xds.protocol.Subscription}. */
@NullMarked
package dev.perimeter.proxy.xds.protocol;

import org.jspecify.annotations.NullMarked;
