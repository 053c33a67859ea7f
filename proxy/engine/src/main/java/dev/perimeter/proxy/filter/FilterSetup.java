package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.observe.metric.Metrics;

/**
 * Where a filter stands.
 *
 * @param statPrefix of the connection manager it belongs to
 * @param metrics where what it counts is shown
 */
public record FilterSetup(String statPrefix, Metrics metrics) {}
