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
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.xds.resource.field.DiscoveredFilters;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.FilterCatalogue;
import dev.perimeter.proxy.xds.resource.http.FilterDiscovery;
import dev.perimeter.proxy.xds.resource.http.RouteTableReader;
import dev.perimeter.proxy.xds.resource.listener.ListenerReader;
import dev.perimeter.proxy.xds.resource.tls.SecretReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads every kind of resource. Every set field is honoured, known to be harmless, or the reason why the resource is
 * refused; see each reader's lists. Stateless; called on the control thread.
 */
public final class ResourceReader {

    private final FilterCatalogue filters;
    private final ListenerReader listeners;
    private final RouteTableReader tables;
    private final ClusterReader clusters;
    private final TlsLibrary tls;

    /** With the better of the libraries for TLS that are there. */
    public ResourceReader(List<FilterKind> filters, List<BalancerKind> balancers) {
        this(filters, balancers, TlsLibrary.best());
    }

    /**
     * @param filters the HTTP filters of this process
     * @param balancers its load balancing policies
     * @param tls what it does TLS with
     */
    public ResourceReader(List<FilterKind> filters, List<BalancerKind> balancers, TlsLibrary tls) {
        this.tls = tls;
        this.filters = new FilterCatalogue(filters);
        listeners = new ListenerReader(this.filters);
        tables = new RouteTableReader(this.filters);
        clusters = new ClusterReader(balancers);
    }

    /** How one kind of resource is read. */
    private record Kind<M extends Message, T>(
            Parser<M> parser,
            FieldList fields,
            String nameField,
            Function<M, String> name,
            BiFunction<M, Place, @Nullable T> value,
            Predicate<M> clustersRequired) {

        Parsed<Resource<T>> read(Any raw, Place place) {
            M message = Messages.read(raw, parser, fields, place);
            if (message == null) {
                return place.refusal();
            }
            String name = Names.required(this.name.apply(message), place.in(nameField));
            T value = this.value.apply(message, place);
            return value == null
                    ? place.refusal()
                    : place.outcome(Resource.of(name, raw, value, place, clustersRequired.test(message)));
        }
    }

    /** @param discovered the filters that came by ECDS */
    public Parsed<Resource<ListenerConfig>> listener(Any raw, DiscoveredFilters discovered) {
        return new Kind<>(
                        Listener.parser(),
                        ListenerReader.FIELDS,
                        "name",
                        Listener::getName,
                        listeners::read,
                        message -> true)
                .read(raw, Place.root(discovered, tls));
    }

    public Parsed<Resource<ListenerConfig>> listener(Any raw) {
        return listener(raw, DiscoveredFilters.NONE);
    }

    /** Envoy: a table that comes by RDS is checked against the known clusters only when it asks for it. */
    public Parsed<Resource<RouteTable>> routeTable(Any raw) {
        return new Kind<>(
                        RouteConfiguration.parser(),
                        RouteTableReader.FIELDS,
                        "name",
                        RouteConfiguration::getName,
                        tables::read,
                        message -> message.getValidateClusters().getValue())
                .read(raw, Place.root(DiscoveredFilters.NONE, tls));
    }

    public Parsed<Resource<ClusterConfig>> cluster(Any raw) {
        return new Kind<>(
                        Cluster.parser(),
                        ClusterReader.FIELDS,
                        "name",
                        Cluster::getName,
                        clusters::read,
                        message -> false)
                .read(raw, Place.root(DiscoveredFilters.NONE, tls));
    }

    public Parsed<Resource<EndpointSet>> endpoints(Any raw) {
        return new Kind<>(
                        ClusterLoadAssignment.parser(),
                        EndpointsReader.FIELDS,
                        "cluster_name",
                        ClusterLoadAssignment::getClusterName,
                        EndpointsReader::read,
                        message -> false)
                .read(raw, Place.root(DiscoveredFilters.NONE, tls));
    }

    /** The config of one filter, as ECDS brings it. */
    public Parsed<Resource<DiscoveredFilters.Config>> filter(Any raw) {
        return new Kind<>(
                        TypedExtensionConfig.parser(),
                        FilterDiscovery.DISCOVERED,
                        "name",
                        TypedExtensionConfig::getName,
                        (config, place) -> FilterDiscovery.discovered(config, filters, place),
                        message -> false)
                .read(raw, Place.root(DiscoveredFilters.NONE, tls));
    }

    public Parsed<Resource<Secret>> secret(Any raw) {
        return new Kind<>(
                        io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.parser(),
                        SecretReader.FIELDS,
                        "name",
                        io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret::getName,
                        SecretReader::read,
                        message -> false)
                .read(raw, Place.root(DiscoveredFilters.NONE, tls));
    }
}
