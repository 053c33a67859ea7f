package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.HeaderOptions;
import dev.perimeter.proxy.filters.field.QueryEdit;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.HeaderEdits;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets, appends and removes headers and query parameters, in the order of its lists (Envoy's header_mutation). What routes
 * say comes on top of what the chain says.
 */
final class HeaderMutationFilter implements FilterKind, Documented {

    /** What one level changes in each direction. */
    private record Config(HeaderEdits request, List<QueryEdit> query, HeaderEdits response) {

        private static final FieldList MUTATION = FieldList.of(
                        io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation::getDescriptor)
                .honoured(io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.REMOVE_FIELD_NUMBER)
                .inside(
                        io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.APPEND_FIELD_NUMBER,
                        HeaderOptions.FIELDS);

        private static final FieldList MUTATIONS = FieldList.of(Mutations::getDescriptor)
                .inside(Mutations.REQUEST_MUTATIONS_FIELD_NUMBER, MUTATION)
                .inside(Mutations.QUERY_PARAMETER_MUTATIONS_FIELD_NUMBER, QueryEdit.FIELDS)
                .inside(Mutations.RESPONSE_MUTATIONS_FIELD_NUMBER, MUTATION);

        private static final FieldList FIELDS = FieldList.of(HeaderMutation::getDescriptor)
                .inside(HeaderMutation.MUTATIONS_FIELD_NUMBER, MUTATIONS)
                .honoured(HeaderMutation.MOST_SPECIFIC_HEADER_MUTATIONS_WINS_FIELD_NUMBER);

        private static final FieldList ROUTE = FieldList.of(HeaderMutationPerRoute::getDescriptor)
                .inside(HeaderMutationPerRoute.MUTATIONS_FIELD_NUMBER, MUTATIONS);

        static Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
            return Field.read(
                    typedConfig,
                    HeaderMutation.parser(),
                    FIELDS,
                    (message, field) -> new Factory(
                            read(message.getMutations(), field.in("mutations")),
                            message.getMostSpecificHeaderMutationsWins(),
                            List.of()));
        }

        static Parsed<RouteOverride> forRoute(ByteBuffer typedConfig) {
            return Field.read(typedConfig, HeaderMutationPerRoute.parser(), ROUTE, (message, field) -> {
                Config level = read(message.getMutations(), field.in("mutations"));
                return before -> before instanceof Factory chain ? chain.with(level) : before;
            });
        }

        private static Config read(Mutations mutations, Field field) {
            return new Config(
                    edits(mutations.getRequestMutationsList(), field, "request_mutations"),
                    QueryEdit.read(mutations.getQueryParameterMutationsList(), field, "query_parameter_mutations"),
                    edits(mutations.getResponseMutationsList(), field, "response_mutations"));
        }

        private static HeaderEdits edits(
                List<io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation> mutations,
                Field parent,
                String name) {
            List<HeaderEdit> edits = new ArrayList<>();
            for (int i = 0; i < mutations.size(); i++) {
                var mutation = mutations.get(i);
                Field here = parent.in(name, i);
                switch (mutation.getActionCase()) {
                    case REMOVE ->
                        edits.add(new HeaderEdit.Remove(HeaderOptions.name(mutation.getRemove(), here.in("remove"))));
                    case APPEND -> edits.add(HeaderOptions.edit(mutation.getAppend(), here.in("append")));
                    default -> here.refuse("needs remove or append");
                }
            }
            return HeaderOptions.ready(edits, parent.in(name));
        }
    }

    /** @param routes what the levels of the routing say, the least specific first */
    private record Factory(Config chain, boolean specificWins, List<Config> routes) implements FilterFactory {

        Factory with(Config level) {
            List<Config> levels = new ArrayList<>(routes);
            levels.add(level);
            return new Factory(chain, specificWins, List.copyOf(levels));
        }

        @Override
        public FilterFactory bind(FilterSetup setup) {
            // The same for all exchanges that take this way through the routes.
            HttpFilter filter = create();
            return () -> filter;
        }

        @Override
        public HttpFilter create() {
            List<Config> order = new ArrayList<>(specificWins ? routes : routes.reversed());
            order.addFirst(chain);
            return new Mutation(List.copyOf(order));
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig);
    }

    @Override
    public List<String> routeTypeUrls() {
        return List.of("type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute");
    }

    @Override
    public Parsed<RouteOverride> parseForRoute(String typeUrl, ByteBuffer typedConfig) {
        return Config.forRoute(typedConfig);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS, Config.ROUTE);
    }

    /** Keeps no state of its own, so one serves all exchanges. */
    private record Mutation(List<Config> levels) implements HttpFilter {

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            for (int i = 0; i < levels.size(); i++) {
                Config level = levels.get(i);
                exchange.edit(level.request, head.headers());
                if (!level.query.isEmpty()) {
                    head.path(QueryEdit.apply(level.query, head.path()));
                }
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            for (int i = 0; i < levels.size(); i++) {
                exchange.edit(levels.get(i).response, head.headers());
            }
            return Verdict.NEXT;
        }
    }
}
