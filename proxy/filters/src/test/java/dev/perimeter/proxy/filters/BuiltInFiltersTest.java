package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Message;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The filters one by one: what their configs may say, and what they do to a head. */
class BuiltInFiltersTest {

    private static final FilterKind ROUTER = new RouterFilter();
    private static final FilterKind MUTATION = new HeaderMutationFilter();

    @Test
    void catalogue_hasEachKindOnce() {
        assertThat(BuiltInFilters.all()).extracting(FilterKind::typeUrl).doesNotHaveDuplicates();
    }

    @Test
    void router_sendsTheRequestOn() {
        assertThat(filter(ROUTER, Router.getDefaultInstance()).onRequestHead(request(), true, null))
                .isEqualTo(Verdict.FORWARD);
    }

    @Test
    void headerMutation_changesHeadsInTheOrderOfItsLists() {
        HttpFilter filter = filter(
                MUTATION,
                HeaderMutation.newBuilder()
                        .setMutations(Mutations.newBuilder()
                                .addRequestMutations(remove("X-Old"))
                                .addRequestMutations(add("x-a", "1", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))
                                .addRequestMutations(add("x-b", "2", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
                                .addResponseMutations(remove("server")))
                        .build());
        RequestHead request = request();
        assertThat(filter.onRequestHead(request, true, null)).isEqualTo(Verdict.NEXT);
        assertThat(text(request.headers())).isEqualTo("x-a: 0, x-a: 1, x-b: 2");

        Headers headers = new Headers();
        headers.add("Server", "inner");
        filter.onResponseHead(new ResponseHead(200, "OK", headers), true, null);
        assertThat(text(headers)).isEmpty();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(ROUTER, "start_child_span: is not supported yet; remove it", routerWithSpan()),
                arguments(
                        MUTATION,
                        "mutations.request_mutations[0]: `host` is not a header that can be changed",
                        mutation(remove("host"))),
                arguments(
                        MUTATION,
                        "mutations.request_mutations[0].append.header.value: command operators are not supported yet",
                        mutation(add("x", "%START_TIME%", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))),
                arguments(
                        MUTATION,
                        "mutations.request_mutations[0].append.append_action: only APPEND_IF_EXISTS_OR_ADD and"
                                + " OVERWRITE_IF_EXISTS_OR_ADD are supported yet",
                        mutation(add("x", "1", HeaderAppendAction.ADD_IF_ABSENT))));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refused")
    void badConfig_isRefusedWithTheSentence(FilterKind kind, String sentence, Message config) {
        assertThat(kind.parse(config.toByteString().asReadOnlyByteBuffer()))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.sentence()).isEqualTo(sentence));
    }

    @SuppressWarnings("deprecation")
    private static Message routerWithSpan() {
        return Router.newBuilder().setStartChildSpan(true).build();
    }

    private static Message mutation(io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation mutation) {
        return HeaderMutation.newBuilder()
                .setMutations(Mutations.newBuilder().addRequestMutations(mutation))
                .build();
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

    private static HttpFilter filter(FilterKind kind, Message config) {
        return ((Parsed.Ok<FilterFactory>) kind.parse(config.toByteString().asReadOnlyByteBuffer()))
                .value()
                .create();
    }

    private static RequestHead request() {
        Headers headers = new Headers();
        headers.add("x-old", "gone");
        headers.add("x-a", "0");
        headers.add("x-b", "1");
        return new RequestHead("GET", "http", "shop", "/", "HTTP/1.1", headers);
    }

    private static String text(Headers headers) {
        return java.util.stream.IntStream.range(0, headers.size())
                .mapToObj(i -> headers.name(i) + ": " + headers.value(i))
                .collect(java.util.stream.Collectors.joining(", "));
    }
}
