package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CustomClusterType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RefreshRate;
import io.envoyproxy.envoy.extensions.clusters.common.dns.v3.DnsLookupFamily;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;

/** The newer way to say that endpoints have names: the cluster type {@code envoy.clusters.dns}. */
public final class DnsExtensionReader {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster";

    public static final FieldList CLUSTER_TYPE = FieldList.of(CustomClusterType::getDescriptor)
            .honoured(CustomClusterType.NAME_FIELD_NUMBER, CustomClusterType.TYPED_CONFIG_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(DnsCluster::getDescriptor)
            .honoured(
                    DnsCluster.DNS_REFRESH_RATE_FIELD_NUMBER,
                    DnsCluster.RESPECT_DNS_TTL_FIELD_NUMBER,
                    DnsCluster.DNS_JITTER_FIELD_NUMBER,
                    DnsCluster.DNS_LOOKUP_FAMILY_FIELD_NUMBER,
                    DnsCluster.ALL_ADDRESSES_IN_SINGLE_ENDPOINT_FIELD_NUMBER)
            .inside(
                    DnsCluster.DNS_FAILURE_REFRESH_RATE_FIELD_NUMBER,
                    FieldList.of(DnsCluster.RefreshRate::getDescriptor)
                            .honoured(
                                    DnsCluster.RefreshRate.BASE_INTERVAL_FIELD_NUMBER,
                                    DnsCluster.RefreshRate.MAX_INTERVAL_FIELD_NUMBER))
            .inside(DnsCluster.TYPED_DNS_RESOLVER_CONFIG_FIELD_NUMBER, DnsReader.TYPED);

    private DnsExtensionReader() {}

    /** The cluster as if it said in its own fields what its type says; any other as it is. */
    @SuppressWarnings("deprecation") // the own fields are the older way
    public static Cluster plain(Cluster cluster, Place place) {
        if (!cluster.hasClusterType()) {
            return cluster;
        }
        Place here = place.in("cluster_type").in("typed_config");
        Any config = cluster.getClusterType().getTypedConfig();
        if (!config.getTypeUrl().equals(TYPE)) {
            here.refuse("`" + config.getTypeUrl() + "` is not supported, only " + TYPE + " is");
            return cluster;
        }
        DnsCluster dns = Messages.read(config, DnsCluster.parser(), FIELDS, here);
        if (dns == null) {
            return cluster;
        }
        Cluster.Builder plain = cluster.toBuilder()
                .setType(dns.getAllAddressesInSingleEndpoint() ? DiscoveryType.LOGICAL_DNS : DiscoveryType.STRICT_DNS)
                .setRespectDnsTtl(dns.getRespectDnsTtl())
                .setDnsLookupFamilyValue(family(dns.getDnsLookupFamily()));
        if (dns.hasDnsRefreshRate()) {
            plain.setDnsRefreshRate(dns.getDnsRefreshRate());
        }
        if (dns.hasDnsJitter()) {
            plain.setDnsJitter(dns.getDnsJitter());
        }
        if (dns.hasDnsFailureRefreshRate()) {
            DnsCluster.RefreshRate given = dns.getDnsFailureRefreshRate();
            RefreshRate.Builder rate = RefreshRate.newBuilder().setBaseInterval(given.getBaseInterval());
            if (given.hasMaxInterval()) {
                rate.setMaxInterval(given.getMaxInterval());
            }
            plain.setDnsFailureRefreshRate(rate);
        }
        if (dns.hasTypedDnsResolverConfig()) {
            plain.setTypedDnsResolverConfig(dns.getTypedDnsResolverConfig());
        }
        return plain.build();
    }

    /** The extension knows one word more, which means what the first of the others does. */
    private static int family(DnsLookupFamily family) {
        return switch (family) {
            case UNSPECIFIED, AUTO -> Cluster.DnsLookupFamily.AUTO_VALUE;
            case V4_ONLY -> Cluster.DnsLookupFamily.V4_ONLY_VALUE;
            case V6_ONLY -> Cluster.DnsLookupFamily.V6_ONLY_VALUE;
            case V4_PREFERRED -> Cluster.DnsLookupFamily.V4_PREFERRED_VALUE;
            case ALL -> Cluster.DnsLookupFamily.ALL_VALUE;
            case UNRECOGNIZED -> -1;
        };
    }
}
