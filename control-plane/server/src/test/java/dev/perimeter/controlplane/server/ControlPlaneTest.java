package dev.perimeter.controlplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.rpc.Status;
import dev.perimeter.controlplane.discovery.ResourceType;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExpectedWarnings({
    "FileSource - .* cannot be read",
    "Connection - gateway~shop/gateway NACK routes: ",
    "ControlPlane - .*/orders.yaml:7: spec.rules"
})
class ControlPlaneTest {
    private static final String ROUTES = "gateway/shop/gateway/8080";

    @TempDir
    private Path folder;

    @TempDir
    private Path lastGood;

    private ShopFiles files;
    private ControlPlane controlPlane;

    @BeforeEach
    void start() throws IOException {
        files = new ShopFiles(folder);
        files.door();
        files.service("order-processor", 8080, "http");
        files.endpoint("order-processor", "127.1.4.1", 8080);
        files.orders("/orders", "order-processor");
        controlPlane = ControlPlane.start(new Arguments(folder, lastGood, "127.0.0.1", 0, 0));
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    @Test
    void readyPage_answersOnceStarted() throws Exception {
        assertThat(get("/ready").body()).isEqualTo("{\"ready\":true}\n");
    }

    @Test
    void folderThatCannotBeRead_isNotReady_untilItCanAgain() throws Exception {
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, away);
        try {
            await().untilAsserted(() -> {
                assertThat(get("/ready").statusCode()).isEqualTo(503);
                assertThat(get("/ready").body()).contains(folder + " cannot be read");
            });
        } finally {
            Files.move(away, folder);
        }

        await().untilAsserted(() -> assertThat(get("/ready").statusCode()).isEqualTo(200));
    }

    @Test
    void fileTurnedToNonsense_thenARestart_theLastGoodFormIsStillServed() throws Exception {
        String before = get("/config_dump?node=gateway~shop/gateway").body();
        files.orders("orders", "order-processor");
        await().untilAsserted(
                        () -> assertThat(status().getAsJsonArray("problems")).hasSize(1));

        controlPlane.close();
        controlPlane = ControlPlane.start(new Arguments(folder, lastGood, "127.0.0.1", 0, 0));

        assertThat(get("/config_dump?node=gateway~shop/gateway").body()).isEqualTo(before);
        assertThat(status().getAsJsonArray("problems")).hasSize(1);
        assertThat(conditions("orders")).startsWith("Accepted=False(Invalid)");
    }

    @Test
    void goodRouteWithoutAProxy_isAcceptedAndResolvedAndNotYetProgrammed() throws Exception {
        assertThat(conditions("orders"))
                .isEqualTo("Accepted=True(Accepted) ResolvedRefs=True(ResolvedRefs) Programmed=False(NoProxy)");
    }

    @Test
    void routeToNowhere_saysSoInItsStatus() throws Exception {
        files.orders("/orders", "gone");

        await().untilAsserted(() -> assertThat(conditions("orders"))
                .startsWith("Accepted=True(Accepted) ResolvedRefs=False(BackendNotFound)"));
    }

    @Test
    void fileTurnedToNonsense_isAProblemWithFileLineAndField_andTheLastGoodFormIsServed() throws Exception {
        String before = get("/config_dump?node=gateway~shop/gateway").body();

        files.orders("orders", "order-processor");

        await().untilAsserted(() -> {
            JsonObject problem = status().getAsJsonArray("problems").get(0).getAsJsonObject();
            assertThat(problem.get("file").getAsString())
                    .isEqualTo(folder.resolve("orders.yaml").toString());
            assertThat(problem.get("line").getAsInt()).isEqualTo(7);
            assertThat(problem.get("field").getAsString()).isEqualTo("spec.rules[0].matches[0].path.value");
            assertThat(problem.get("object").getAsString()).isEqualTo("HTTPRoute shop/orders");
        });
        assertThat(conditions("orders")).startsWith("Accepted=False(Invalid)");
        assertThat(get("/config_dump?node=gateway~shop/gateway").body()).isEqualTo(before);

        files.orders("/orders", "order-processor");

        await().untilAsserted(
                        () -> assertThat(status().getAsJsonArray("problems")).isEmpty());
        assertThat(conditions("orders")).startsWith("Accepted=True");
    }

    @Test
    void routeThatAProxyTookOver_isProgrammed_andOneItRefusedCarriesItsSentence() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.xdsPort())
                .usePlaintext()
                .build();
        BlockingQueue<DiscoveryResponse> responses = new LinkedBlockingQueue<>();
        StreamObserver<DiscoveryRequest> stream = AggregatedDiscoveryServiceGrpc.newStub(channel)
                .streamAggregatedResources(new StreamObserver<>() {
                    @Override
                    public void onNext(DiscoveryResponse response) {
                        responses.add(response);
                    }

                    @Override
                    public void onError(Throwable end) {}

                    @Override
                    public void onCompleted() {}
                });
        DiscoveryRequest.Builder ask = DiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("gateway~shop/gateway"))
                .setTypeUrl(ResourceType.ROUTES.typeUrl())
                .addResourceNames(ROUTES);
        stream.onNext(ask.build());
        DiscoveryResponse first = responses.poll(5, TimeUnit.SECONDS);
        stream.onNext(ask.setResponseNonce(first.getNonce())
                .setVersionInfo(first.getVersionInfo())
                .build());

        await().untilAsserted(() -> assertThat(conditions("orders")).endsWith("Programmed=True(Programmed)"));

        files.orders("/refused", "order-processor");
        DiscoveryResponse next = responses.poll(5, TimeUnit.SECONDS);
        stream.onNext(ask.setResponseNonce(next.getNonce())
                .setErrorDetail(Status.newBuilder().setMessage("routes[0]: not today"))
                .build());

        await().untilAsserted(() -> assertThat(conditions("orders")).endsWith("Programmed=False(Rejected)"));
        assertThat(status().toString()).contains("gateway~shop/gateway refuses " + ROUTES + ": routes[0]: not today");
        assertThat(conditions("gateway")).endsWith("Programmed=False(Pending)");
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void configDump_ofAGateway_isWhatItWouldGet() throws Exception {
        JsonObject dump = JsonParser.parseString(
                        get("/config_dump?node=gateway~shop%2Fgateway").body())
                .getAsJsonObject();

        assertThat(dump.getAsJsonArray("routes").get(0).toString()).contains("shop/orders/0", "/orders");
        assertThat(dump.keySet()).containsExactly("clusters", "endpoints", "listeners", "routes");
    }

    @Test
    void configDump_ofASidecarThatIsNotConnected_saysWhyThereIsNone() throws Exception {
        HttpResponse<String> response = get("/config_dump?node=sidecar~shop/x-0");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .isEqualTo("{\"error\":\"sidecar~shop/x-0 is not connected, so its addresses are not known.\"}\n");
    }

    @Test
    void portThatIsTaken_isOneSentence() {
        Arguments same = new Arguments(folder, null, "127.0.0.1", controlPlane.xdsPort(), 0);

        assertThatThrownBy(() -> ControlPlane.start(same))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot listen on 127.0.0.1:" + controlPlane.xdsPort() + ": it is taken");
    }

    private JsonObject status() throws Exception {
        return JsonParser.parseString(get("/status").body()).getAsJsonObject();
    }

    private String conditions(String name) throws Exception {
        StringBuilder text = new StringBuilder();
        for (JsonElement each : status().getAsJsonArray("objects")) {
            JsonObject object = each.getAsJsonObject();
            if (object.get("name").getAsString().equals(name)) {
                for (JsonElement element : object.getAsJsonArray("conditions")) {
                    JsonObject condition = element.getAsJsonObject();
                    text.append(text.isEmpty() ? "" : " ")
                            .append(condition.get("type").getAsString())
                            .append("=")
                            .append(condition.get("status").getAsString())
                            .append("(")
                            .append(condition.get("reason").getAsString())
                            .append(")");
                }
            }
        }
        return text.toString();
    }

    private HttpResponse<String> get(String page) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + controlPlane.consolePort() + page);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
