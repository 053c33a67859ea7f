/**
 * What can go wrong with an exchange, as values, and the one place that turns them into a reply. Start here: {@link
 * dev.perimeter.proxy.failure.Failure}.
 */
@NullMarked
package dev.perimeter.proxy.failure;

import org.jspecify.annotations.NullMarked;
