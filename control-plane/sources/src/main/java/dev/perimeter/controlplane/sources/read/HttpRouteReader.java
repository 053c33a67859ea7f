package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.HttpRoute.ParentKind;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteMatch;
import dev.perimeter.controlplane.sources.field.Durations;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a Gateway API HTTPRoute; what is in its rules is read by {@link RouteMatchReader} and {@link RouteFilterReader}. */
final class HttpRouteReader {
    private static final int MOST_WEIGHT = 1_000_000;

    private final Meta meta;

    private HttpRouteReader(Meta meta) {
        this.meta = meta;
    }

    static HttpRoute read(Meta meta, Fields fields) {
        fields.harmless("status");
        Value spec = fields.required("spec", "Add spec with parentRefs and rules.");
        HttpRoute route = spec == null ? null : spec.object(new HttpRouteReader(meta)::spec);
        return route == null ? new HttpRoute(meta, List.of(), List.of(), List.of()) : route;
    }

    private HttpRoute spec(Fields fields) {
        List<HttpRoute.Parent> parents = fields.filledList(
                "parentRefs", this::parent, "names no parent.", "Name the Gateway or the Service the route hangs on.");
        List<String> hostnames = fields.items("hostnames").stream()
                .map(hostname -> hostname.text(Form.HOST))
                .toList();
        List<HttpRoute.Rule> rules =
                fields.filledList("rules", this::rule, "has no rule.", "Add a rule with backendRefs.");
        return new HttpRoute(meta, parents, hostnames, rules);
    }

    private HttpRoute.Parent parent(Fields fields) {
        Value kindValue = fields.value("kind");
        ParentKind named = kindValue == null ? null : kindValue.word(List.of(ParentKind.values()), ParentKind::word);
        ParentKind kind = named == null ? ParentKind.GATEWAY : named;
        String expected = kind == ParentKind.GATEWAY ? "gateway.networking.k8s.io" : "";
        Value group = fields.value("group");
        // Without a group it is a Gateway's; a Service has the core group, which is the empty text.
        if (group == null ? kind == ParentKind.SERVICE : !group.text().equals(expected)) {
            fields.problem(
                    "group", "does not fit to the kind " + kind.word() + ".", "Write group: \"" + expected + "\".");
        }
        Value name = fields.required("name", "Name the " + kind.word() + ".");
        Value section = fields.value("sectionName");
        Value port = fields.value("port");
        return new HttpRoute.Parent(
                kind,
                namespace(fields),
                name == null ? "" : name.text(Form.NAME),
                section == null ? null : section.text(Form.NAME),
                port == null ? null : port.port());
    }

    private HttpRoute.Rule rule(Fields fields) {
        fields.harmless("name");
        fields.unsupported("retry", "Remove it.");
        fields.unsupported("sessionPersistence", "Remove it.");
        List<RouteMatch> matches = fields.list("matches", RouteMatchReader::read);
        List<RouteFilter> filters = RouteFilterReader.readAll(fields);
        List<HttpRoute.Backend> backends = fields.list("backendRefs", this::backend);
        boolean redirects = filters.stream().anyMatch(RouteFilter.Redirect.class::isInstance);
        if (redirects && !backends.isEmpty()) {
            fields.problem("backendRefs", "stand beside a redirect, which answers itself.", "Remove one of them.");
        }
        PrefixCheck.check(fields, matches, filters);
        return new HttpRoute.Rule(
                matches.isEmpty() ? List.of(RouteMatch.EVERYTHING) : new ArrayList<>(matches),
                filters,
                backends,
                fields.object("timeouts", HttpRouteReader::requestTimeout),
                fields.line());
    }

    private HttpRoute.Backend backend(Fields fields) {
        Value kind = fields.value("kind");
        if (kind != null) {
            kind.word(List.of("Service"), word -> word);
        }
        Value group = fields.value("group");
        if (group != null && !group.text().isEmpty()) {
            group.problem("must be empty for a Service.", "Write group: \"\" or remove it.");
        }
        fields.unsupported("filters", "Put the filters into the rule.");
        Value name = fields.required("name", "Name the Service.");
        Value port = fields.required("port", "Write the Service's port.");
        Value weight = fields.value("weight");
        return new HttpRoute.Backend(
                namespace(fields),
                name == null ? "" : name.text(Form.LABEL),
                port == null ? 1 : port.port(),
                weight == null ? 1 : weight.number(0, MOST_WEIGHT));
    }

    private String namespace(Fields fields) {
        Value namespace = fields.value("namespace");
        return namespace == null ? meta.namespace() : namespace.text(Form.LABEL);
    }

    private static @Nullable Duration requestTimeout(Fields fields) {
        fields.unsupported("backendRequest", "Use timeouts.request, which bounds the whole request.");
        Value request = fields.value("request");
        return request == null ? null : Durations.parse(request.text(Form.DURATION));
    }
}
