/** What a proxy tells of itself: access logs, metrics, response flags. Start here: {@link dev.perimeter.proxy.observe.AccessLog}. */
@NullMarked
package dev.perimeter.proxy.observe;

import org.jspecify.annotations.NullMarked;
