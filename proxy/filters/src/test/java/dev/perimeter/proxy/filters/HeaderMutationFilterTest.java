package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.FakeUpstream.Received;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.KeyValueAppend;
import io.envoyproxy.envoy.config.core.v3.KeyValueAppend.KeyValueAppendAction;
import io.envoyproxy.envoy.config.core.v3.KeyValueMutation;
import io.envoyproxy.envoy.config.core.v3.KeyValuePair;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes to headers and queries on real sockets. */
class HeaderMutationFilterTest {

    private final FakeUpstream upstream =
            FakeUpstream.answering(request -> new Answer(200, Map.of("X-Powered-By", "secret"), new byte[0]));

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation remove(String name) {
        return io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
                .setRemove(name)
                .build();
    }

    private static io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation add(
            String name, String value, HeaderAppendAction action) {
        return io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
                .setAppend(HeaderValueOption.newBuilder()
                        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                        .setAppendAction(action))
                .build();
    }

    private static KeyValueMutation query(String name, String value, KeyValueAppendAction action) {
        return KeyValueMutation.newBuilder()
                .setAppend(KeyValueAppend.newBuilder()
                        .setRecord(KeyValuePair.newBuilder()
                                .setKey(name)
                                .setValue(Value.newBuilder().setStringValue(value)))
                        .setAction(action))
                .build();
    }

    private static HeaderMutation mutation(Mutations.Builder mutations) {
        return HeaderMutation.newBuilder().setMutations(mutations).build();
    }

    @Test
    void headers_areChangedInTheOrderOfTheLists_byAllActions() throws Exception {
        HeaderMutation all = mutation(Mutations.newBuilder()
                .addRequestMutations(remove("X-Old"))
                .addRequestMutations(add("x-a", "1", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))
                .addRequestMutations(add("x-b", "2", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
                .addRequestMutations(add("x-c", "3", HeaderAppendAction.ADD_IF_ABSENT))
                .addRequestMutations(add("x-d", "4", HeaderAppendAction.OVERWRITE_IF_EXISTS))
                .addRequestMutations(add("x-path", "%REQ(:PATH)%", HeaderAppendAction.ADD_IF_ABSENT))
                .addResponseMutations(remove("x-powered-by")));
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new HeaderMutationFilter(), all)
                .start()) {
            HttpResponse<String> response = proxy.get("/p", "x-old", "gone", "x-a", "0", "x-b", "0", "x-c", "0");
            Received request = upstream.received().getFirst();
            assertThat(request.header("X-old")).isNull();
            assertThat(request.headers().get("X-a")).containsExactly("0", "1");
            assertThat(request.headers().get("X-b")).containsExactly("2");
            assertThat(request.headers().get("X-c")).containsExactly("0");
            assertThat(request.header("X-d")).isNull();
            assertThat(request.header("X-path")).isEqualTo("/p");
            assertThat(response.headers().firstValue("x-powered-by")).isEmpty();
        }
    }

    @Test
    void query_isChanged() throws Exception {
        HeaderMutation queries = mutation(Mutations.newBuilder()
                .addQueryParameterMutations(KeyValueMutation.newBuilder().setRemove("debug"))
                .addQueryParameterMutations(query("v", "2 &3", KeyValueAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
                .addQueryParameterMutations(query("a", "no", KeyValueAppendAction.ADD_IF_ABSENT))
                .addQueryParameterMutations(query("b", "no", KeyValueAppendAction.OVERWRITE_IF_EXISTS))
                .addQueryParameterMutations(query("a", "2", KeyValueAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new HeaderMutationFilter(), queries)
                .start()) {
            proxy.get("/p?debug=1&v=1&a=1&debug");
            assertThat(upstream.received().getFirst().target()).isEqualTo("/p?a=1&v=2%20%263&a=2");
        }
    }

    @Test
    void levels_ofTheRoutingComeOnTop_theLeastSpecificLast_unlessItIsTurnedRound() throws Exception {
        HeaderMutationPerRoute host = HeaderMutationPerRoute.newBuilder()
                .setMutations(Mutations.newBuilder()
                        .addRequestMutations(add("x-l", "host", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))
                .build();
        HeaderMutationPerRoute route = HeaderMutationPerRoute.newBuilder()
                .setMutations(Mutations.newBuilder()
                        .addRequestMutations(add("x-l", "route", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))
                .build();
        HeaderMutation chain = mutation(Mutations.newBuilder()
                .addRequestMutations(add("x-l", "chain", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        for (boolean specificWins : new boolean[] {false, true}) {
            HeaderMutation own = chain.toBuilder()
                    .setMostSpecificHeaderMutationsWins(specificWins)
                    .build();
            try (FilterProxy proxy = FilterProxy.with(upstream.address(), new HeaderMutationFilter(), own)
                    .special(new HeaderMutationFilter(), host, route)
                    .start()) {
                proxy.get("/special");
                assertThat(upstream.received().getLast().headers().get("X-l"))
                        .isEqualTo(
                                specificWins ? List.of("chain", "host", "route") : List.of("chain", "route", "host"));
            }
        }
    }

    @Test
    void filterOutOfTheChain_isBroughtInByARoute_andOneOfTheChainTakenOut() throws Exception {
        HeaderMutation mark = mutation(Mutations.newBuilder()
                .addRequestMutations(add("x-mark", "1", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        HeaderMutationFilter kind = new HeaderMutationFilter();
        try (FilterProxy proxy = new FilterProxy(upstream.address())
                .disabledFilter(kind, mark)
                .special(kind, new RouteFilter(List.of(), false))
                .start()) {
            proxy.get("/");
            proxy.get("/special");
        }
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), kind, mark)
                .special(kind, new RouteFilter(List.of(), true))
                .start()) {
            proxy.get("/");
            proxy.get("/special");
        }
        assertThat(upstream.received())
                .extracting(request -> request.header("X-mark"))
                .containsExactly(null, "1", "1", null);
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(
                        new HeaderMutationFilter(),
                        mutation(Mutations.newBuilder().addRequestMutations(remove("host")))))
                .isEqualTo("mutations.request_mutations[0].remove: `host` is not a header that can be changed");
        assertThat(FilterProxy.refusal(
                        new HeaderMutationFilter(),
                        mutation(Mutations.newBuilder()
                                .addRequestMutations(
                                        add("x", "%NONSENSE%", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))))
                .startsWith("mutations.request_mutations: x: ");
    }
}
