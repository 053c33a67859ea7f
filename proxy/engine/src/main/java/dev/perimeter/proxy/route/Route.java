package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.RouteFilter;
import java.util.List;
import java.util.Map;

/**
 * One rule: what a request must look like, and what happens to it.
 *
 * @param name shown in access logs; empty when the config gave none
 * @param filterConfigs what the levels down to this route say of a filter, by the filter's name in the chain
 */
public record Route(
        String name,
        RouteMatch match,
        RouteAction action,
        List<HeaderEdit> requestHeaders,
        List<HeaderEdit> responseHeaders,
        Map<String, RouteFilter> filterConfigs) {}
