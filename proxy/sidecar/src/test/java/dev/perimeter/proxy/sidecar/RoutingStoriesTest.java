package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Received;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a route changes of a request and its answer, written as Envoy's YAML and seen on the wire. */
class RoutingStoriesTest {

    private static final JsonFormat.Parser JSON = JsonFormat.parser()
            .usingTypeRegistry(TypeRegistry.newBuilder()
                    .add(UriTemplateMatchConfig.getDescriptor())
                    .add(UriTemplateRewriteConfig.getDescriptor())
                    .build());

    private final FakeUpstream one = FakeUpstream.named("one");
    private final FakeUpstream two = FakeUpstream.named("two");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'prefix: /a', 'prefix_rewrite: /b', /a/x?q, /b/x?q",
        "'path_separated_prefix: /a', 'prefix_rewrite: /', /a/x, /x",
        "'prefix: /', 'regex_rewrite: {pattern: {regex: \"^/s/([^/]+)(/.*)$\"}, substitution: \"\\\\2/\\\\1\"}',"
                + " /s/foo/v1?q=/s/, /v1/foo?q=/s/",
    })
    void path_isRewritten(String match, String rewrite, String path, String seen) throws Exception {
        routes("{match: {" + match + "}, route: {cluster: one, " + rewrite + "}}");
        assertThat(answer("GET " + path)).contains("200 ");
        assertThat(last(one).target()).isEqualTo(seen);
    }

    @Test
    void template_matchesAndRewrites() throws Exception {
        String type = "\"@type\": type.googleapis.com/envoy.extensions.path.";
        routes("{match: {path_match_policy: {name: t, typed_config: {" + type
                + "match.uri_template.v3.UriTemplateMatchConfig, path_template: '/{country}/{lang}/**'}}},"
                + " route: {cluster: one, path_rewrite_policy: {name: t, typed_config: {" + type
                + "rewrite.uri_template.v3.UriTemplateRewriteConfig, path_template_rewrite: '/{lang}/{country}'}}}}");
        assertThat(answer("GET /de/en/x?q=1")).contains("200 ");
        assertThat(last(one).target()).isEqualTo("/en/de?q=1");
        assertThat(answer("GET /de")).contains("404 ");
    }

    @Test
    void host_comesFromAHeaderOrThePath_andTheOldOneIsKept() throws Exception {
        routes(
                "{match: {prefix: /h}, route: {cluster: one, host_rewrite_header: x-host,"
                        + " append_x_forwarded_host: true}}",
                "{match: {prefix: /}, route: {cluster: one, host_rewrite_path_regex:"
                        + " {pattern: {regex: '^/(.+)/.+$'}, substitution: '\\1'}}}");
        answer("GET /h", "x-host: other.example");
        assertThat(last(one).header("Host")).isEqualTo("other.example");
        assertThat(last(one).header("X-forwarded-host")).isEqualTo("shop.example");
        answer("GET /bogus/path");
        assertThat(last(one).header("Host")).isEqualTo("bogus");
        answer("GET /h", "x-host: bad@host/");
        assertThat(last(one).header("Host")).isEqualTo("shop.example");
    }

    @ParameterizedTest
    @CsvSource({
        "'https_redirect: true', 301, https://shop.example/old/x?q=1",
        "'scheme_redirect: https, port_redirect: 8443', 301, https://shop.example:8443/old/x?q=1",
        "'host_redirect: new.example, strip_query: true', 301, http://new.example/old/x",
        "'path_redirect: /p, response_code: FOUND', 302, http://shop.example/p?q=1",
        "'path_redirect: \"/p?z\", response_code: SEE_OTHER', 303, http://shop.example/p?z",
        "'prefix_rewrite: /new, response_code: PERMANENT_REDIRECT', 308, http://shop.example/new/x?q=1",
        "'regex_rewrite: {pattern: {regex: old}, substitution: new}, response_code: TEMPORARY_REDIRECT', 307,"
                + " http://shop.example/new/x?q=1",
    })
    void redirect_namesTheNewPlace(String redirect, int status, String location) throws Exception {
        routes("{match: {prefix: /old}, redirect: {" + redirect + "}}");
        assertThat(answer("GET /old/x?q=1"))
                .startsWith("HTTP/1.1 " + status)
                .contains("location: " + location + "\r\n");
    }

    @Test
    void requireTls_sendsPlainRequestsToHttps() throws Exception {
        table("{name: t, virtual_hosts: [{name: all, domains: ['*'], require_tls: ALL,"
                + " routes: [{match: {prefix: /}, route: {cluster: one}}]}]}");
        assertThat(answer("GET /a?b")).contains("301 ", "location: https://shop.example/a?b\r\n");
        assertThat(answer("GET /a?b", "X-Forwarded-Proto: https")).contains("200 ");
    }

    @Test
    void headers_allFourWaysToAdd_withOperatorsAndEmptyValues() throws Exception {
        routes("{match: {prefix: /}, route: {cluster: one}, request_headers_to_add: [{header: {key: x-a, value:"
                + " mesh}, append_action: APPEND_IF_EXISTS_OR_ADD},{header: {key: x-b, value: mesh},"
                + " append_action: ADD_IF_ABSENT},{header: {key: x-c, value: mesh}, append_action:"
                + " OVERWRITE_IF_EXISTS},{header: {key: x-d, value: '%REQ(X-B)%-%PROTOCOL%-100%%'}, append_action:"
                + " OVERWRITE_IF_EXISTS_OR_ADD},{header: {key: x-e, value: '%REQ(X-NONE)%'}},{header: {key: x-f,"
                + " value: '%REQ(X-NONE)%'}, keep_empty_value: true}]}");
        answer("GET /", "x-a: me", "x-b: me");
        assertThat(last(one).headers().get("X-a")).containsExactlyInAnyOrder("me", "mesh");
        assertThat(last(one).headers().get("X-b")).containsExactly("me");
        assertThat(last(one).headers()).doesNotContainKeys("X-c", "X-e").containsKey("X-f");
        assertThat(last(one).header("X-d")).isEqualTo("me-HTTP/1.1-100%");
    }

    @ParameterizedTest
    @CsvSource({"false, table", "true, cluster"})
    void headers_ofFourLevels_lastWordIsTheTablesOrTheClusters(boolean specificWins, String word) throws Exception {
        String set = "_headers_to_add: [{append_action: OVERWRITE_IF_EXISTS_OR_ADD, header: {key: x-level, value: ";
        table("{name: t, most_specific_header_mutations_wins: " + specificWins + ", request" + set + "table}}],"
                + " response" + set + "table}}], virtual_hosts: [{name: all, domains: ['*'], request" + set
                + "host}}], response" + set + "host}}], routes: [{match: {prefix: /}, request" + set
                + "route}}], response" + set + "route}}], route: {weighted_clusters: {clusters: [{name: one, weight: 1,"
                + " request" + set + "cluster}}], response" + set + "cluster}}]}]}}}]}]}");
        assertThat(answer("GET /")).contains("x-level: " + word + "\r\n");
        assertThat(last(one).header("X-level")).isEqualTo(word);
    }

    @Test
    void cluster_isNamedByAHeader() throws Exception {
        routes("{match: {prefix: /}, route: {cluster_header: x-to, cluster_not_found_response_code: NOT_FOUND}}");
        assertThat(answer("GET /", "x-to: one")).endsWith("one");
        assertThat(answer("GET /", "x-to: two")).endsWith("two");
        assertThat(answer("GET /", "x-to: three")).contains("404 ");
        assertThat(answer("GET /")).contains("404 ");
    }

    @Test
    void weights_areDrawnByAHeaderIfItHoldsANumber_andAClusterHasItsHost() throws Exception {
        routes("{match: {prefix: /}, route: {weighted_clusters: {header_name: x-draw, clusters: ["
                + "{name: one, weight: 30}, {name: two, weight: 70, host_rewrite_literal: two.example}]}}}");
        for (int i = 0; i < 3; i++) {
            assertThat(answer("GET /", "x-draw: 29")).endsWith("one");
            assertThat(answer("GET /", "x-draw: 130")).endsWith("two");
        }
        assertThat(last(one).header("Host")).isEqualTo("shop.example");
        assertThat(last(two).header("Host")).isEqualTo("two.example");
    }

    @Test
    void directResponse_comesFromAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("body"), "from a file");
        routes("{match: {prefix: /}, direct_response: {status: 418, body: {filename: '" + file + "'}}}");
        assertThat(answer("GET /")).contains("418 ").endsWith("from a file");
    }

    @ParameterizedTest
    @CsvSource({
        "/orders/../admin, /admin",
        "/orders/%2e%2e/admin?x=../, /admin?x=../",
        "//orders///1, /orders/1",
        "/orders/a%20b, /orders/a%20b"
    })
    void path_isReadTheSameByRoutesAndUpstream(String sent, String seen) throws Exception {
        clean("{normalize_path: true, merge_slashes: true}", "/orders", "/admin");
        assertThat(answer("GET " + sent)).contains("200 ");
        Received received = seen.startsWith("/orders") ? last(one) : last(two);
        assertThat(received.target()).isEqualTo(seen);
    }

    @ParameterizedTest
    @CsvSource({
        "REJECT_REQUEST, 400, ''",
        "UNESCAPE_AND_REDIRECT, 307, 'location: /orders/a/b?c=%2F'",
        "UNESCAPE_AND_FORWARD, 200, ''",
        "KEEP_UNCHANGED, 200, ''"
    })
    void escapedSlashes_doWhatTheListenerSays(String action, int status, String line) throws Exception {
        clean("{normalize_path: true, path_with_escaped_slashes_action: " + action + "}", "/orders", "/admin");
        assertThat(answer("GET /orders/a%2Fb?c=%2F"))
                .startsWith("HTTP/1.1 " + status)
                .contains(line);
        if (status == 200) {
            assertThat(last(one).target())
                    .isEqualTo(action.startsWith("KEEP") ? "/orders/a%2Fb?c=%2F" : "/orders/a/b?c=%2F");
        }
    }

    @Test
    void authority_losesItsPortAndDot() throws Exception {
        clean("{strip_any_host_port: true, strip_trailing_host_dot: true}", "/", "/none");
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            client.send("GET / HTTP/1.1\r\nHost: shop.example.:8080\r\nConnection: close\r\n\r\n")
                    .readToEnd();
        }
        assertThat(last(one).header("Host")).isEqualTo("shop.example");
    }

    private static Received last(FakeUpstream upstream) {
        return upstream.received().getLast();
    }

    private void clean(String manager, String toOne, String toTwo) throws Exception {
        HttpConnectionManager.Builder with = manager()
                .setRouteConfig(read("{name: t, virtual_hosts: [{name: all,"
                        + " domains: [shop.example], routes: [{match: {prefix: " + toOne
                        + "}, route: {cluster: one}}, {match: {prefix: " + toTwo + "}, route: {cluster: two}}]}]}"));
        merge(manager, with);
        publish(with);
    }

    private void routes(String... routes) throws Exception {
        table("{name: t, virtual_hosts: [{name: all, domains: ['*'], routes: [" + String.join(",", routes) + "]}]}");
    }

    private void table(String yaml) throws Exception {
        publish(manager().setRouteConfig(read(yaml)));
    }

    private static RouteConfiguration read(String yaml) throws InvalidProtocolBufferException {
        RouteConfiguration.Builder table = RouteConfiguration.newBuilder();
        merge(yaml, table);
        return table.build();
    }

    private static void merge(String yaml, Message.Builder into) throws InvalidProtocolBufferException {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JSON.merge(JsonFormat.printer().print(NodeMessage.struct((Map<?, ?>) tree)), into);
    }

    private void publish(HttpConnectionManager.Builder manager) {
        controlPlane.publish(
                TypeUrl.CLUSTER,
                "c1",
                staticCluster("one", one.address().getPort()),
                staticCluster("two", two.address().getPort()));
        controlPlane.publish(TypeUrl.LISTENER, "l1", listener("in", 0, manager.build()));
        proxy.awaitReady();
    }

    private String answer(String request, String... headers) throws IOException {
        StringBuilder text =
                new StringBuilder(request).append(" HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            return client.send(text.append("\r\n").toString()).readToEnd();
        }
    }
}
