package dev.perimeter.proxy.xds.resource;

import com.google.protobuf.Any;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.field.Place.ClusterReference;
import dev.perimeter.proxy.xds.source.Reference;
import java.util.List;
import java.util.function.Supplier;

/**
 * A resource that was read.
 *
 * @param raw as the control plane sent it, for {@code /config_dump} and to see whether a later one is the same
 * @param harmless paths of the fields that were accepted without effect; computed when asked for
 * @param references other resources that it names and that are to be asked for
 * @param clusters those it sends requests to, by name
 * @param clustersRequired whether they must exist for the resource to be accepted
 */
public record Resource<T>(
        String name,
        Any raw,
        T value,
        List<Supplier<String>> harmless,
        List<Reference> references,
        List<ClusterReference> clusters,
        boolean clustersRequired) {

    static <T> Resource<T> of(String name, Any raw, T value, Place place, boolean clustersRequired) {
        return new Resource<>(
                name,
                raw,
                value,
                place.harmlessFields(),
                place.references(),
                place.clusterReferences(),
                clustersRequired);
    }
}
