package dev.perimeter.controlplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An xDS client that is not ours, gRPC's own, is led by our resources: no proxy, {@code xds:///} in its target. It reads
 * its bootstrap once in the life of a JVM, so there is one test.
 */
class GrpcXdsClientTest {
    private static final String BOOTSTRAP = "io.grpc.xds.bootstrapConfig";

    @TempDir
    private Path folder;

    private ShopFiles files;
    private WhoServer first;
    private WhoServer second;
    private ControlPlane controlPlane;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        first = new WhoServer("v1");
        second = new WhoServer("v2");
        files = new ShopFiles(folder);
        for (String service : new String[] {"payment", "payment-v1", "payment-v2"}) {
            files.service(service, 9090, "kubernetes.io/h2c");
        }
        files.endpoint("payment", "127.0.0.1", first.port());
        files.endpoint("payment-v1", "127.0.0.1", first.port());
        files.endpoint("payment-v2", "127.0.0.1", second.port());
        controlPlane = ControlPlane.start(new Arguments(folder, null, "127.0.0.1", 0, 0));
        System.setProperty(BOOTSTRAP, """
            {"xds_servers": [{"server_uri": "127.0.0.1:%d", "channel_creds": [{"type": "insecure"}]}],
             "node": {"id": "proxyless~shop/order-processor-0"}}
            """.formatted(controlPlane.xdsPort()));
        channel = Grpc.newChannelBuilder("xds:///payment.shop:9090", InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        System.clearProperty(BOOTSTRAP);
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        controlPlane.close();
        first.close();
        second.close();
    }

    @Test
    void grpcClient_reachesPaymentThroughOurResources_andFollowsMovesAndSplitsWithoutAFailedCall() throws IOException {
        assertThat(who()).isEqualTo("v1");

        files.endpoint("payment", "127.0.0.1", second.port());
        await().untilAsserted(() -> assertThat(who()).isEqualTo("v2"));

        files.split(1, 0);
        await().untilAsserted(() -> assertThat(who()).isEqualTo("v1"));

        files.split(0, 1);
        await().untilAsserted(() -> assertThat(who()).isEqualTo("v2"));

        files.split(1, 1);
        await().untilAsserted(() -> assertThat(tally(40)).containsOnlyKeys("v1", "v2"));

        files.split(1, 0);
        await().untilAsserted(() -> assertThat(tally(20)).isEqualTo(Map.of("v1", 20)));
    }

    private Map<String, Integer> tally(int calls) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            answers.merge(who(), 1, Integer::sum);
        }
        return answers;
    }

    /** Throws if the call fails, and with it the test: none may. */
    private String who() {
        CallOptions patience = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, WhoServer.WHO, patience, "");
    }
}
