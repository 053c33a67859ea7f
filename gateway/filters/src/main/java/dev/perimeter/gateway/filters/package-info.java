/**
 * The north-south filters: one file each, with its config, how it is read, and what it does.
 *
 * <p>Start here: {@link dev.perimeter.gateway.filters.GatewayFilters}, the table of contents.
 */
@NullMarked
package dev.perimeter.gateway.filters;

import org.jspecify.annotations.NullMarked;
