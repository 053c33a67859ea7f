package dev.perimeter.proxy.xds.resource.tls;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.xds.resource.cluster.LbMetadata;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a cluster's endpoints are spoken to through, all alike or each by its metadata. */
public final class ClusterTransportReader {

    public static final FieldList MATCH = FieldList.of(TransportSocketMatch::getDescriptor)
            .honoured(TransportSocketMatch.NAME_FIELD_NUMBER, TransportSocketMatch.MATCH_FIELD_NUMBER)
            .inside(TransportSocketMatch.TRANSPORT_SOCKET_FIELD_NUMBER, TransportSocketReader.FIELDS);

    private ClusterTransportReader() {}

    /** @param validatesName whether certificates must hold the name that was asked for, whatever the contexts say */
    public static UpstreamTransport read(Cluster cluster, boolean validatesName, Place place) {
        UpstreamTransport all = cluster.hasTransportSocket()
                ? TransportSocketReader.upstream(cluster.getTransportSocket(), place.in("transport_socket"))
                : UpstreamTransport.PLAIN;
        UpstreamTransport read = validatesName ? validating(all) : all;
        if (cluster.getTransportSocketMatchesCount() == 0) {
            return read;
        }
        List<UpstreamTransport.Choice> choices = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < cluster.getTransportSocketMatchesCount(); i++) {
            TransportSocketMatch match = cluster.getTransportSocketMatches(i);
            Place here = place.in("transport_socket_matches", i);
            if (!names.add(Names.required(match.getName(), here.in("name")))) {
                here.in("name").refuse("`" + match.getName() + "` is there twice");
            }
            UpstreamTransport one =
                    TransportSocketReader.upstream(match.getTransportSocket(), here.in("transport_socket"));
            choices.add(new UpstreamTransport.Choice(
                    LbMetadata.read(match.getMatch(), here.in("match")), validatesName ? validating(one) : one));
        }
        return new UpstreamTransport.ByEndpoint(List.copyOf(choices), read);
    }

    private static UpstreamTransport validating(UpstreamTransport transport) {
        return switch (transport) {
            case UpstreamTransport.Tls(UpstreamTls config) ->
                new UpstreamTransport.Tls(
                        new UpstreamTls(config.settings(), config.sni(), config.sniIsHost(), true, config.sessions()));
            case UpstreamTransport.ProxyProtocol(int version, UpstreamTransport inner) ->
                new UpstreamTransport.ProxyProtocol(version, validating(inner));
            default -> transport;
        };
    }
}
