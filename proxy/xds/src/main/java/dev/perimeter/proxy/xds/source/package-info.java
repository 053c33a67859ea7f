/** What kinds of resource there are, and where each comes from. Start here: {@link dev.perimeter.proxy.xds.source.Named}. */
@NullMarked
package dev.perimeter.proxy.xds.source;

import org.jspecify.annotations.NullMarked;
