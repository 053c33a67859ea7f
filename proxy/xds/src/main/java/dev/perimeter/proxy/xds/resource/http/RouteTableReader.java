package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Route tables, whether RDS brings them or a listener holds them. */
public final class RouteTableReader {

    private static final FieldList HOST = FieldList.of(io.envoyproxy.envoy.config.route.v3.VirtualHost::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.DOMAINS_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER)
            .inside(io.envoyproxy.envoy.config.route.v3.VirtualHost.ROUTES_FIELD_NUMBER, RouteReader.FIELDS)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER,
                    HeaderEdits.FIELDS)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER,
                    HeaderEdits.FIELDS)
            .harmless(io.envoyproxy.envoy.config.route.v3.VirtualHost.METADATA_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(RouteConfiguration::getDescriptor)
            .honoured(
                    RouteConfiguration.NAME_FIELD_NUMBER,
                    RouteConfiguration.VALIDATE_CLUSTERS_FIELD_NUMBER,
                    RouteConfiguration.IGNORE_PORT_IN_HOST_MATCHING_FIELD_NUMBER,
                    RouteConfiguration.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER,
                    RouteConfiguration.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    RouteConfiguration.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER)
            .inside(RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER, HOST)
            .inside(RouteConfiguration.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .inside(RouteConfiguration.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .harmless(RouteConfiguration.METADATA_FIELD_NUMBER);

    private final FilterCatalogue filters;

    public RouteTableReader(FilterCatalogue filters) {
        this.filters = filters;
    }

    /** The message has been checked against {@link #FIELDS} by whoever holds its bytes. */
    public RouteTable read(RouteConfiguration table, Place place) {
        Map<String, RouteFilter> configs = filters.perRoute(Map.of(), table.getTypedPerFilterConfigMap(), place);
        Names hostNames = new Names("virtual host");
        Names domains = new Names("domain");
        List<VirtualHost> hosts = new ArrayList<>(table.getVirtualHostsCount());
        for (int i = 0; i < table.getVirtualHostsCount(); i++) {
            Place here = place.in("virtual_hosts", i);
            hostNames.unique(table.getVirtualHosts(i).getName(), here.in("name"));
            hosts.add(host(table.getVirtualHosts(i), configs, domains, here));
        }
        return new RouteTable(
                table.getName(),
                List.copyOf(hosts),
                HeaderEdits.read(
                        table.getRequestHeadersToRemoveList(),
                        place.in("request_headers_to_remove"),
                        table.getRequestHeadersToAddList(),
                        place,
                        "request_headers_to_add"),
                HeaderEdits.read(
                        table.getResponseHeadersToRemoveList(),
                        place.in("response_headers_to_remove"),
                        table.getResponseHeadersToAddList(),
                        place,
                        "response_headers_to_add"),
                table.getIgnorePortInHostMatching());
    }

    private VirtualHost host(
            io.envoyproxy.envoy.config.route.v3.VirtualHost host,
            Map<String, RouteFilter> configs,
            Names domains,
            Place place) {
        if (host.getDomainsCount() == 0) {
            place.in("domains").refuse("must not be empty");
        }
        for (int i = 0; i < host.getDomainsCount(); i++) {
            domain(host.getDomains(i), domains, place.in("domains", i));
        }
        RouteReader reader = new RouteReader(filters, host, configs, place);
        List<Route> routes = new ArrayList<>(host.getRoutesCount());
        for (int i = 0; i < host.getRoutesCount(); i++) {
            routes.add(reader.read(host.getRoutes(i), place.in("routes", i)));
        }
        return new VirtualHost(host.getName(), List.copyOf(host.getDomainsList()), List.copyOf(routes));
    }

    private static void domain(String domain, Names domains, Place place) {
        domains.unique(domain.toLowerCase(Locale.ROOT), place);
        int star = domain.indexOf('*');
        boolean atAnEnd = star == 0 || star == domain.length() - 1;
        if (star >= 0 && (!atAnEnd || domain.indexOf('*', star + 1) >= 0)) {
            place.refuse("`" + domain + "` may hold one *, at its beginning or its end");
        }
    }
}
