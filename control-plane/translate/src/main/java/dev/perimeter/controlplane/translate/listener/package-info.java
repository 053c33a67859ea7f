/**
 * Listeners: where a proxy accepts connections and what it does with them.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.translate.listener.Listeners}, then
 * {@link dev.perimeter.controlplane.translate.listener.HttpFilters} (the filters' order) and
 * {@link dev.perimeter.controlplane.translate.listener.AccessLogs} (what is logged).
 */
@NullMarked
package dev.perimeter.controlplane.translate.listener;

import org.jspecify.annotations.NullMarked;
