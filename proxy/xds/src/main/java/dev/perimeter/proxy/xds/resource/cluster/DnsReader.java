package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.names.NamedEndpoints;
import dev.perimeter.proxy.names.NamedEndpoints.Family;
import dev.perimeter.proxy.names.NamedEndpoints.Refresh;
import dev.perimeter.proxy.xds.resource.field.Addresses;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RefreshRate;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DnsResolutionConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clusters whose endpoints have names: STRICT_DNS and LOGICAL_DNS. */
public final class DnsReader {

    private static final String CARES =
            "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig";
    private static final String GETADDRINFO =
            "type.googleapis.com/envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig";

    static final FieldList FAILURE = FieldList.of(RefreshRate::getDescriptor)
            .honoured(RefreshRate.BASE_INTERVAL_FIELD_NUMBER, RefreshRate.MAX_INTERVAL_FIELD_NUMBER);

    static final FieldList TYPED = FieldList.of(TypedExtensionConfig::getDescriptor)
            .honoured(TypedExtensionConfig.NAME_FIELD_NUMBER, TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER);

    private static final FieldList OLD = FieldList.of(DnsResolutionConfig::getDescriptor)
            .inside(DnsResolutionConfig.RESOLVERS_FIELD_NUMBER, Addresses.FIELDS);

    static final FieldList RESOLVER = FieldList.of(CaresDnsResolverConfig::getDescriptor)
            .inside(CaresDnsResolverConfig.RESOLVERS_FIELD_NUMBER, Addresses.FIELDS)
            // What is asked of a server has its own socket and is bounded by the resolver's own time and tries.
            .harmless(
                    CaresDnsResolverConfig.FILTER_UNROUTABLE_FAMILIES_FIELD_NUMBER,
                    CaresDnsResolverConfig.UDP_MAX_QUERIES_FIELD_NUMBER,
                    CaresDnsResolverConfig.QUERY_TIMEOUT_SECONDS_FIELD_NUMBER,
                    CaresDnsResolverConfig.QUERY_TRIES_FIELD_NUMBER);

    private DnsReader() {}

    @SuppressWarnings("deprecation") // the older ways to say who is asked
    public static FieldList honoured(FieldList fields) {
        return fields.honoured(
                        Cluster.DNS_REFRESH_RATE_FIELD_NUMBER,
                        Cluster.DNS_JITTER_FIELD_NUMBER,
                        Cluster.RESPECT_DNS_TTL_FIELD_NUMBER,
                        Cluster.DNS_LOOKUP_FAMILY_FIELD_NUMBER)
                .inside(Cluster.DNS_FAILURE_REFRESH_RATE_FIELD_NUMBER, FAILURE)
                .inside(Cluster.DNS_RESOLVERS_FIELD_NUMBER, Addresses.FIELDS)
                .inside(Cluster.DNS_RESOLUTION_CONFIG_FIELD_NUMBER, OLD)
                .inside(Cluster.TYPED_DNS_RESOLVER_CONFIG_FIELD_NUMBER, TYPED)
                // What is cut off is asked for again by TCP in any case; warming has a bound of its own.
                .harmless(Cluster.USE_TCP_FOR_DNS_LOOKUPS_FIELD_NUMBER, Cluster.WAIT_FOR_WARM_ON_INIT_FIELD_NUMBER);
    }

    /** Whether the endpoints of a cluster may have names. */
    public static boolean hasNames(Cluster cluster) {
        return cluster.getTypeValue() == DiscoveryType.STRICT_DNS_VALUE
                || cluster.getTypeValue() == DiscoveryType.LOGICAL_DNS_VALUE;
    }

    /** @param templates the endpoints, with the names in the place of addresses */
    public static NamedEndpoints read(Cluster cluster, EndpointSet templates, Place place) {
        boolean every = cluster.getTypeValue() == DiscoveryType.STRICT_DNS_VALUE;
        if (!every && templates.endpoints().size() != 1) {
            place.in("load_assignment")
                    .refuse("must hold exactly one endpoint for type LOGICAL_DNS, not "
                            + templates.endpoints().size());
        }
        return new NamedEndpoints(
                templates, every, family(cluster, place), refresh(cluster, place), servers(cluster, place));
    }

    private static Family family(Cluster cluster, Place place) {
        return switch (cluster.getDnsLookupFamily()) {
            case AUTO -> Family.V6_PREFERRED;
            case V4_ONLY -> Family.V4_ONLY;
            case V6_ONLY -> Family.V6_ONLY;
            case V4_PREFERRED -> Family.V4_PREFERRED;
            case ALL -> Family.ALL;
            case UNRECOGNIZED -> {
                place.in("dns_lookup_family").refuse(cluster.getDnsLookupFamilyValue() + " is not known");
                yield Family.ALL;
            }
        };
    }

    @SuppressWarnings("deprecation") // the extension is read into them
    private static Refresh refresh(Cluster cluster, Place place) {
        Duration rate = cluster.hasDnsRefreshRate()
                ? atLeast(Amounts.positive(cluster.getDnsRefreshRate(), place.in("dns_refresh_rate")))
                : Refresh.RATE;
        Duration base = rate;
        Duration most = rate;
        if (cluster.hasDnsFailureRefreshRate()) {
            RefreshRate failure = cluster.getDnsFailureRefreshRate();
            Place here = place.in("dns_failure_refresh_rate");
            base = atLeast(Amounts.positive(failure.getBaseInterval(), here.in("base_interval")));
            most = failure.hasMaxInterval()
                    ? Amounts.positive(failure.getMaxInterval(), here.in("max_interval"))
                    : base.multipliedBy(10);
            if (most.compareTo(base) < 0) {
                here.in("max_interval").refuse("must not be less than base_interval");
            }
        }
        return new Refresh(
                rate,
                base,
                most,
                cluster.getRespectDnsTtl(),
                Amounts.notNegative(cluster.getDnsJitter(), place.in("dns_jitter")));
    }

    /** As in Envoy, which counts in milliseconds. */
    private static Duration atLeast(Duration given) {
        return given.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : given;
    }

    /** The newest way to say it counts. */
    @SuppressWarnings("deprecation") // see above
    private static List<InetSocketAddress> servers(Cluster cluster, Place place) {
        if (cluster.hasTypedDnsResolverConfig()) {
            return typed(
                    cluster.getTypedDnsResolverConfig().getTypedConfig(),
                    place.in("typed_dns_resolver_config").in("typed_config"));
        }
        return cluster.hasDnsResolutionConfig()
                ? addresses(
                        cluster.getDnsResolutionConfig().getResolversList(),
                        place.in("dns_resolution_config"),
                        "resolvers")
                : addresses(cluster.getDnsResolversList(), place, "dns_resolvers");
    }

    private static List<InetSocketAddress> typed(Any config, Place place) {
        if (config.getTypeUrl().equals(GETADDRINFO)) {
            // The machine's own way, which is the one taken here where no server is named.
            place.harmless();
            return List.of();
        }
        if (!config.getTypeUrl().equals(CARES)) {
            place.refuse(
                    "`" + config.getTypeUrl() + "` is not supported, only " + CARES + " and " + GETADDRINFO + " are");
            return List.of();
        }
        CaresDnsResolverConfig cares = Messages.read(config, CaresDnsResolverConfig.parser(), RESOLVER, place);
        return cares == null ? List.of() : addresses(cares.getResolversList(), place, "resolvers");
    }

    private static List<InetSocketAddress> addresses(List<Address> written, Place place, String field) {
        List<InetSocketAddress> read = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            read.add(Addresses.server(written.get(i), place.in(field, i)));
        }
        return List.copyOf(read);
    }
}
