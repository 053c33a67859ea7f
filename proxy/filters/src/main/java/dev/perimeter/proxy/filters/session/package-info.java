/** Where a client carries the endpoint of its session. Start here: {@link dev.perimeter.proxy.filters.session.SessionState}. */
@NullMarked
package dev.perimeter.proxy.filters.session;

import org.jspecify.annotations.NullMarked;
