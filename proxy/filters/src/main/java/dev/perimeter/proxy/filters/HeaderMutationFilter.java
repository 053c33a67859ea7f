package dev.perimeter.proxy.filters;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.HeaderEdits;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Envoy's {@code header_mutation}: sets, appends and removes headers, in the order of its lists. */
final class HeaderMutationFilter implements FilterKind {

    /** What is changed in each direction. */
    private record Config(List<HeaderEdit> request, List<HeaderEdit> response) {

        private static final FieldList HEADER = FieldList.of(HeaderValue::getDescriptor)
                .honoured(HeaderValue.KEY_FIELD_NUMBER, HeaderValue.VALUE_FIELD_NUMBER);

        private static final FieldList OPTION = FieldList.of(HeaderValueOption::getDescriptor)
                .inside(HeaderValueOption.HEADER_FIELD_NUMBER, HEADER)
                .honoured(HeaderValueOption.APPEND_ACTION_FIELD_NUMBER);

        private static final FieldList MUTATION = FieldList.of(
                        io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation::getDescriptor)
                .honoured(io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.REMOVE_FIELD_NUMBER)
                .inside(io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.APPEND_FIELD_NUMBER, OPTION);

        private static final FieldList FIELDS = FieldList.of(HeaderMutation::getDescriptor)
                .inside(
                        HeaderMutation.MUTATIONS_FIELD_NUMBER,
                        FieldList.of(Mutations::getDescriptor)
                                .inside(Mutations.REQUEST_MUTATIONS_FIELD_NUMBER, MUTATION)
                                .inside(Mutations.RESPONSE_MUTATIONS_FIELD_NUMBER, MUTATION));

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            ByteString bytes = ByteString.copyFrom(typedConfig);
            Refusal refusal = FIELDS.check(bytes, harmless -> {});
            if (refusal != null) {
                return new Parsed.Bad<>(refusal.path(), refusal.reason());
            }
            try {
                Mutations mutations = HeaderMutation.parseFrom(bytes).getMutations();
                List<HeaderEdit> request = new ArrayList<>();
                List<HeaderEdit> response = new ArrayList<>();
                Refusal wrong = read(mutations.getRequestMutationsList(), "mutations.request_mutations", request);
                if (wrong == null) {
                    wrong = read(mutations.getResponseMutationsList(), "mutations.response_mutations", response);
                }
                return wrong == null
                        ? new Parsed.Ok<>(new Config(List.copyOf(request), List.copyOf(response)))
                        : new Parsed.Bad<>(wrong.path(), wrong.reason());
            } catch (InvalidProtocolBufferException malformed) {
                return new Parsed.Bad<>("", "is not a valid message: " + malformed.getMessage());
            }
        }

        private static @Nullable Refusal read(
                List<io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation> mutations,
                String path,
                List<HeaderEdit> edits) {
            for (int i = 0; i < mutations.size(); i++) {
                var mutation = mutations.get(i);
                String here = path + "[" + i + "]";
                boolean remove = mutation.hasRemove();
                HeaderValue header = mutation.getAppend().getHeader();
                String name = remove ? mutation.getRemove() : header.getKey();
                if (name.isEmpty() || name.startsWith(":") || name.equalsIgnoreCase("host")) {
                    return new Refusal(here, "`" + name + "` is not a header that can be changed");
                }
                int action = mutation.getAppend().getAppendActionValue();
                if (header.getValue().contains("%")) {
                    return new Refusal(here + ".append.header.value", "command operators are not supported yet");
                }
                if (remove) {
                    edits.add(new HeaderEdit.Remove(name));
                } else if (action == HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD_VALUE) {
                    edits.add(new HeaderEdit.Append(name, header.getValue()));
                } else if (action == HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD_VALUE) {
                    edits.add(new HeaderEdit.Set(name, header.getValue()));
                } else {
                    return new Refusal(
                            here + ".append.append_action",
                            "only APPEND_IF_EXISTS_OR_ADD and OVERWRITE_IF_EXISTS_OR_ADD are supported yet");
                }
            }
            return null;
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> {
            HttpFilter filter = new Mutation(config);
            return () -> filter;
        });
    }

    /** Keeps no state of its own, so one serves all exchanges. */
    private record Mutation(Config config) implements HttpFilter {

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            HeaderEdits.applyPlain(config.request, head.headers());
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            HeaderEdits.applyPlain(config.response, head.headers());
            return Verdict.NEXT;
        }
    }
}
