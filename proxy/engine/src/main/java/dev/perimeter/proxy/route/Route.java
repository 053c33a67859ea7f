package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.FilterFactory;
import java.util.List;
import java.util.Map;

/**
 * One rule: what a request must look like, and what happens to it.
 *
 * @param name shown in access logs; empty when the config gave none
 * @param filterConfigs config of a filter for this route alone, by the filter's name in the chain
 */
public record Route(
        String name,
        RouteMatch match,
        RouteAction action,
        List<HeaderEdit> requestHeaders,
        List<HeaderEdit> responseHeaders,
        Map<String, FilterFactory> filterConfigs) {}
