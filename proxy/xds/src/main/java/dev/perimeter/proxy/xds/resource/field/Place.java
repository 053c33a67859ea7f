package dev.perimeter.proxy.xds.resource.field;

import com.google.protobuf.ByteString;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in a resource that is being read. A reader that finds something wrong says so to its place and goes on with any
 * value of the right type: the first thing said makes the whole resource refused, so that value is never used. That
 * keeps readers free of both exceptions and of asking after every field.
 *
 * <p>Used by one thread, for one resource.
 */
public final class Place {

    /** What was found out about the resource so far. */
    private static final class Findings {
        private Parsed.@Nullable Bad<Object> first;
        private final List<Supplier<String>> harmless = new ArrayList<>();
        private final List<ClusterReference> clusters = new ArrayList<>();
        private final List<Reference> references = new ArrayList<>();
        private final DiscoveredFilters filters;
        private final TlsLibrary tls;

        Findings(DiscoveredFilters filters, TlsLibrary tls) {
            this.filters = filters;
            this.tls = tls;
        }
    }

    /**
     * A cluster that requests are sent to.
     *
     * @param required whether it must be there for the resource to make sense
     */
    public record ClusterReference(Supplier<String> path, String cluster, boolean required) {}

    private final Findings findings;
    private final @Nullable Place parent;
    private final String step;
    private final boolean clustersRequired;

    private Place(Findings findings, @Nullable Place parent, String step, boolean clustersRequired) {
        this.findings = findings;
        this.parent = parent;
        this.step = step;
        this.clustersRequired = clustersRequired;
    }

    /** The resource itself. */
    public static Place root() {
        return root(DiscoveredFilters.NONE, TlsLibrary.best());
    }

    /**
     * The resource itself.
     *
     * @param filters those that its config may name and that have come
     * @param tls who will do what the resource says of TLS
     */
    public static Place root(DiscoveredFilters filters, TlsLibrary tls) {
        return new Place(new Findings(filters, tls), null, "", true);
    }

    public Place in(String field) {
        return new Place(findings, this, field, clustersRequired);
    }

    public Place in(String field, int index) {
        return new Place(findings, this, field + "[" + index + "]", clustersRequired);
    }

    /** The same place, in which a cluster that is named need not be there. */
    public Place withoutRequiredClusters() {
        return new Place(findings, parent, step, false);
    }

    /** From the resource to here, e.g. {@code filter_chains[0].filters[1].name}; empty for the resource itself. */
    public String path() {
        String before = parent == null ? "" : parent.path();
        return before.isEmpty() ? step : step.isEmpty() ? before : before + "." + step;
    }

    /** Refuses the resource. Of several reasons the first counts. */
    public void refuse(String reason) {
        if (findings.first == null) {
            findings.first = new Parsed.Bad<>(path(), reason);
        }
    }

    /** Refuses the resource for something inside this place. */
    public void refuse(String innerPath, String reason) {
        (innerPath.isEmpty() ? this : in(innerPath)).refuse(reason);
    }

    /** Refuses the resource if a field of the message here is set that its list does not allow. */
    public void check(FieldList list, ByteString message) {
        Refusal refusal = list.check(message, inner -> findings.harmless.add(() -> prefixed(inner.get())));
        if (refusal != null) {
            refuse(refusal.path(), refusal.reason());
        }
    }

    /** Notes that the cluster named here has to exist, unless this part of the resource says otherwise. */
    public void needsCluster(String cluster) {
        findings.clusters.add(new ClusterReference(this::path, cluster, clustersRequired));
    }

    /** Notes that connections go to the cluster named here once it is there. */
    public void sendsTo(String cluster) {
        findings.clusters.add(new ClusterReference(this::path, cluster, false));
    }

    /** Notes that the field here names another resource. Parameters are those of {@link Reference}. */
    public void needs(Named named, boolean awaited, Duration wait) {
        findings.references.add(new Reference(named, awaited, wait, this::path));
    }

    /** The filter whose config comes by ECDS, or null while it has not come. */
    public DiscoveredFilters.@Nullable Config discovered(Named named) {
        return findings.filters.find(named);
    }

    /** Who will do what is said of TLS. */
    public TlsLibrary tls() {
        return findings.tls;
    }

    /** Notes a field that is accepted without effect. */
    public void harmless() {
        findings.harmless.add(this::path);
    }

    private String prefixed(String inner) {
        String path = path();
        return path.isEmpty() ? inner : path + "." + inner;
    }

    public boolean refused() {
        return findings.first != null;
    }

    /** The value if nothing was refused anywhere in the resource. */
    public <T> Parsed<T> outcome(T value) {
        return findings.first == null ? new Parsed.Ok<>(value) : refusal();
    }

    /** What a reader that has no value to give has said before. */
    public <T> Parsed<T> refusal() {
        Parsed.Bad<Object> bad = findings.first;
        return bad == null ? new Parsed.Bad<>(path(), "could not be read") : new Parsed.Bad<>(bad.path(), bad.reason());
    }

    public List<Supplier<String>> harmlessFields() {
        return List.copyOf(findings.harmless);
    }

    public List<ClusterReference> clusterReferences() {
        return List.copyOf(findings.clusters);
    }

    public List<Reference> references() {
        return List.copyOf(findings.references);
    }
}
