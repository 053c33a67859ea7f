/** Counters and histograms, one set for each event loop, and the page that shows them. Start here: {@link dev.perimeter.proxy.observe.metric.Metrics}. */
@NullMarked
package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.NullMarked;
