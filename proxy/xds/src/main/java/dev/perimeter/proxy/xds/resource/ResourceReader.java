package dev.perimeter.proxy.xds.resource;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.FilterCatalogue;
import dev.perimeter.proxy.xds.resource.http.RouteTableReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the four kinds of resource. Every set field is honoured, known to be harmless, or the reason why the resource is
 * refused; see each reader's lists. Stateless; called on the control thread.
 */
public final class ResourceReader {

    private final ListenerReader listeners;
    private final RouteTableReader tables;
    private final ClusterReader clusters;

    /**
     * @param filters the HTTP filters of this process
     * @param balancers its load balancing policies
     */
    public ResourceReader(List<FilterKind> filters, List<BalancerKind> balancers) {
        FilterCatalogue catalogue = new FilterCatalogue(filters);
        listeners = new ListenerReader(catalogue);
        tables = new RouteTableReader(catalogue);
        clusters = new ClusterReader(balancers);
    }

    public Parsed<Resource<ListenerConfig>> listener(Any raw) {
        Place place = Place.root();
        Listener message = checked(raw, Listener.parser(), ListenerReader.FIELDS, place);
        if (message == null) {
            return place.refusal();
        }
        Names.required(message.getName(), place.in("name"));
        ListenerConfig value = listeners.read(message, place);
        return value == null ? place.refusal() : place.outcome(Resource.of(message.getName(), raw, value, place, true));
    }

    public Parsed<Resource<RouteTable>> routeTable(Any raw) {
        Place place = Place.root();
        RouteConfiguration message = checked(raw, RouteConfiguration.parser(), RouteTableReader.FIELDS, place);
        if (message == null) {
            return place.refusal();
        }
        Names.required(message.getName(), place.in("name"));
        RouteTable value = tables.read(message, place);
        // Envoy: a table that comes by RDS is checked against the known clusters only when it asks for it.
        boolean validate = message.getValidateClusters().getValue();
        return place.outcome(Resource.of(message.getName(), raw, value, place, validate));
    }

    public Parsed<Resource<ClusterConfig>> cluster(Any raw) {
        Place place = Place.root();
        Cluster message = checked(raw, Cluster.parser(), ClusterReader.FIELDS, place);
        if (message == null) {
            return place.refusal();
        }
        Names.required(message.getName(), place.in("name"));
        ClusterConfig value = clusters.read(message, place);
        return value == null
                ? place.refusal()
                : place.outcome(Resource.of(message.getName(), raw, value, place, false));
    }

    public Parsed<Resource<EndpointSet>> endpoints(Any raw) {
        Place place = Place.root();
        ClusterLoadAssignment message = checked(raw, ClusterLoadAssignment.parser(), EndpointsReader.FIELDS, place);
        if (message == null) {
            return place.refusal();
        }
        Names.required(message.getClusterName(), place.in("cluster_name"));
        EndpointSet value = EndpointsReader.read(message, place);
        return place.outcome(Resource.of(message.getClusterName(), raw, value, place, false));
    }

    private static <M extends Message> @Nullable M checked(Any raw, Parser<M> parser, FieldList fields, Place place) {
        return Messages.read(raw, parser, fields, place);
    }
}
