/**
 * The same bytes through our proxy and through others, and what comes out at the upstream. Start here: {@link
 * dev.perimeter.proxy.differential.DifferentialTest}.
 */
@NullMarked
package dev.perimeter.proxy.differential;

import org.jspecify.annotations.NullMarked;
