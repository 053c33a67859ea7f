package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.resilience.ResilienceReader;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Route tables, whether RDS brings them or a listener holds them. */
public final class RouteTableReader {

    private static final FieldList HOST = ResilienceReader.host(
                    FieldList.of(io.envoyproxy.envoy.config.route.v3.VirtualHost::getDescriptor))
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.DOMAINS_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.REQUIRE_TLS_FIELD_NUMBER,
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
            .harmless(
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.METADATA_FIELD_NUMBER,
                    // Statistics of their own, which would be as many as a configuration likes.
                    io.envoyproxy.envoy.config.route.v3.VirtualHost.VIRTUAL_CLUSTERS_FIELD_NUMBER);

    public static final FieldList FIELDS = ResilienceReader.table(FieldList.of(RouteConfiguration::getDescriptor))
            .honoured(
                    RouteConfiguration.NAME_FIELD_NUMBER,
                    RouteConfiguration.VALIDATE_CLUSTERS_FIELD_NUMBER,
                    RouteConfiguration.IGNORE_PORT_IN_HOST_MATCHING_FIELD_NUMBER,
                    RouteConfiguration.IGNORE_PATH_PARAMETERS_IN_PATH_MATCHING_FIELD_NUMBER,
                    RouteConfiguration.MOST_SPECIFIC_HEADER_MUTATIONS_WINS_FIELD_NUMBER,
                    RouteConfiguration.MAX_DIRECT_RESPONSE_BODY_SIZE_BYTES_FIELD_NUMBER,
                    RouteConfiguration.INTERNAL_ONLY_HEADERS_FIELD_NUMBER,
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
            hosts.add(host(table, place, table.getVirtualHosts(i), configs, domains, here));
        }
        return new RouteTable(
                table.getName(),
                List.copyOf(hosts),
                HeaderEdits.request(table.getRequestHeadersToRemoveList(), table.getRequestHeadersToAddList(), place),
                HeaderEdits.response(
                        table.getResponseHeadersToRemoveList(), table.getResponseHeadersToAddList(), place),
                options(table, place));
    }

    private static RouteTable.Options options(RouteConfiguration table, Place place) {
        for (int i = 0; i < table.getInternalOnlyHeadersCount(); i++) {
            HeaderEdits.name(table.getInternalOnlyHeaders(i), place.in("internal_only_headers", i));
        }
        return new RouteTable.Options(
                table.getIgnorePortInHostMatching(),
                table.getIgnorePathParametersInPathMatching(),
                table.getMostSpecificHeaderMutationsWins(),
                List.copyOf(table.getInternalOnlyHeadersList()));
    }

    private VirtualHost host(
            RouteConfiguration table,
            Place tablePlace,
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
        RouteReader reader = new RouteReader(filters, table, host, configs, tablePlace, place);
        List<Route> routes = new ArrayList<>(host.getRoutesCount());
        for (int i = 0; i < host.getRoutesCount(); i++) {
            routes.add(reader.read(host.getRoutes(i), place.in("routes", i)));
        }
        return new VirtualHost(
                host.getName(), List.copyOf(host.getDomainsList()), List.copyOf(routes), requireTls(host, place));
    }

    private static boolean requireTls(io.envoyproxy.envoy.config.route.v3.VirtualHost host, Place place) {
        return switch (host.getRequireTls()) {
            case NONE -> false;
            case ALL -> true;
            case EXTERNAL_ONLY, UNRECOGNIZED -> {
                place.in("require_tls").refuse("only NONE and ALL are supported: no address counts as internal here");
                yield false;
            }
        };
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
