package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.router;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.FakeUpstream.Received;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built-in filters from the control plane's message to the bytes of a request. */
@ExpectedWarnings("AdsClient - refused version l1 of listeners: ")
class FilterStoriesTest {

    private final FakeUpstream upstream = FakeUpstream.answering(
            request -> new Answer(200, Map.of("X-Powered-By", "secret engine", "X-Kept", "yes"), new byte[0]));
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @BeforeEach
    void publishUpstream() {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("up", upstream.address().getPort()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        upstream.close();
    }

    @Test
    void headerMutation_changesWhatTheUpstreamAndTheClientSee() {
        publish(HeaderMutation.newBuilder()
                .setMutations(Mutations.newBuilder()
                        .addRequestMutations(remove("x-internal"))
                        .addRequestMutations(add("x-tag", "mesh", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))
                        .addRequestMutations(add("x-tenant", "shop", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
                        .addResponseMutations(remove("x-powered-by"))
                        .addResponseMutations(add("x-seen", "1", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))
                .build());

        HttpResponse<String> response = get(Map.of("X-Internal", "root", "X-Tag", "mine", "X-Tenant", "another"));

        Received request = upstream.received().getFirst();
        assertThat(request.header("X-internal")).isNull();
        assertThat(request.headers().get("X-tag")).containsExactly("mine", "mesh");
        assertThat(request.headers().get("X-tenant")).containsExactly("shop");
        assertThat(response.headers().firstValue("x-powered-by")).isEmpty();
        assertThat(response.headers().allValues("x-seen")).isEqualTo(List.of("1"));
        assertThat(response.headers().firstValue("x-kept")).contains("yes");
    }

    @Test
    void headerMutation_thatTouchesTheHost_isRefusedByItsPath() {
        controlPlane.publish(TypeUrl.LISTENER, "good", httpListener("in", 0, routes("in", "up")));
        proxy.awaitReady();
        publish(HeaderMutation.newBuilder()
                .setMutations(Mutations.newBuilder().addRequestMutations(remove("host")))
                .build());

        assertThat(controlPlane
                        .latestStream()
                        .awaitNack(TypeUrl.LISTENER)
                        .getErrorDetail()
                        .getMessage())
                .endsWith("http_filters[0].typed_config.mutations.request_mutations[0].remove:"
                        + " `host` is not a header that can be changed");
        assertThat(get(Map.of()).statusCode()).isEqualTo(200);
    }

    private void publish(HeaderMutation mutation) {
        controlPlane.publish(
                TypeUrl.LISTENER,
                "l1",
                listener(
                        "in",
                        0,
                        manager()
                                .clearHttpFilters()
                                .addHttpFilters(HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.header_mutation")
                                        .setTypedConfig(Any.pack(mutation)))
                                .addHttpFilters(router())
                                .setRouteConfig(routes("in", "up"))
                                .build()));
    }

    private HttpResponse<String> get(Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + proxy.listener("in").getPort() + "/"));
        headers.forEach(request::header);
        return proxy.send(request);
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
}
