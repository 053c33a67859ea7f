/** HTTP filters: how one is configured, made and called. Start here: {@link dev.perimeter.proxy.filter.FilterKind}. */
@NullMarked
package dev.perimeter.proxy.filter;

import org.jspecify.annotations.NullMarked;
