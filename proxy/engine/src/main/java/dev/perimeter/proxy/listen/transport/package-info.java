/** How this machine does its input and output. Start here: {@link dev.perimeter.proxy.listen.transport.Transport}. */
@NullMarked
package dev.perimeter.proxy.listen.transport;

import org.jspecify.annotations.NullMarked;
