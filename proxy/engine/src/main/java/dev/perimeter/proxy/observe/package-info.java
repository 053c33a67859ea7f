/**
 * What a proxy tells of each exchange: the journal of one exchange, command operators, access logs; metrics stand in
 * {@code metric}. Start here: {@link dev.perimeter.proxy.observe.AccessLog}.
 */
@NullMarked
package dev.perimeter.proxy.observe;

import org.jspecify.annotations.NullMarked;
