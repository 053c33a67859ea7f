/**
 * The HTTP filters every proxy has: one file each, with its config, how it is read, and what it does.
 *
 * <p>Start here: {@link dev.perimeter.proxy.filters.BuiltInFilters}, the table of contents.
 */
@NullMarked
package dev.perimeter.proxy.filters;

import org.jspecify.annotations.NullMarked;
