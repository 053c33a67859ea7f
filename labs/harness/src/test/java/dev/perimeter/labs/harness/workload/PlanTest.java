package dev.perimeter.labs.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.sources.Reading;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import dev.perimeter.labs.harness.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shall run, from the manifests of this repository. */
class PlanTest {
    @TempDir
    private Path folder;

    private Surroundings surroundings;
    private MeshConfig shop;

    @BeforeEach
    void theShop() throws IOException {
        Checkout checkout = new Checkout(folder);
        Program payment = checkout.program(ProgramModule.PAYMENT);
        Files.createDirectories(payment.libraries());
        Files.createFile(payment.libraries().resolve("h2-2.jar"));
        surroundings = new Surroundings(
                checkout,
                new LabHome(folder.resolve("lab")),
                new RunState.Settings(new Site(7), 8080, "h2"),
                Path.of("/jdk/bin/java"),
                null);
        List<MeshObject> objects = new ArrayList<>();
        for (Path manifests : Checkout.find().manifests()) {
            try (Stream<Path> files = Files.list(manifests)) {
                files.map(ResourceReader::readFile).map(Reading::objects).forEach(objects::addAll);
            }
        }
        shop = new MeshConfig(objects, List.of());
    }

    @Test
    void pods_haveAddressesOfTheirOwn_andKeepThem() {
        Plan plan = Plan.of(shop, surroundings, Map.of("payment-v2-0", 9));

        assertThat(plan.pods())
                .extracting(Pod::name, Pod::ip)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("database", "127.7.3.1"),
                        org.assertj.core.groups.Tuple.tuple("order-processor-0", "127.7.4.1"),
                        org.assertj.core.groups.Tuple.tuple("payment-v1-0", "127.7.5.1"),
                        org.assertj.core.groups.Tuple.tuple("payment-v2-0", "127.7.9.1"));
    }

    @Test
    void sidecar_isToldByStandardProxySettings_httpsToo() {
        Launch app = launch("order-processor-0");

        assertThat(app.command())
                .contains(
                        "-Dhttp.proxyHost=127.7.4.1",
                        "-Dhttp.proxyPort=15001",
                        "-Dhttps.proxyHost=127.7.4.1",
                        "-Dhttps.proxyPort=15001",
                        "-Djdk.net.hosts.file=" + folder.resolve("lab/hosts"));
        assertThat(app.environment())
                .containsEntry("SERVER_ADDRESS", "127.7.4.2")
                .containsEntry("SPRING_DATASOURCE_URL", "jdbc:h2:tcp://database:9092/./orders;WRITE_DELAY=0")
                .doesNotContainKey("JAVA_TOOL_OPTIONS");
    }

    @Test
    void names_leadToEveryPod() {
        String hosts = Plan.of(shop, surroundings, Map.of()).files().get(folder.resolve("lab/hosts"));

        assertThat(hosts.lines())
                .contains(
                        "127.0.0.1 localhost",
                        "127.7.5.1 payment payment.shop payment.shop.svc payment.shop.svc.cluster.local",
                        "127.7.6.1 payment payment.shop payment.shop.svc payment.shop.svc.cluster.local",
                        "127.7.3.1 database database.shop database.shop.svc database.shop.svc.cluster.local");
    }

    @Test
    void names_theFirstOfAnAddress_leadsBackToItAlone() {
        String hosts = Plan.of(shop, surroundings, Map.of()).files().get(folder.resolve("lab/hosts"));

        assertThat(hosts.lines().filter(line -> line.startsWith("127.7.6.1 ")).findFirst())
                .contains("127.7.6.1 payment-v2-0");
        assertThat(hosts.lines().filter(line -> line.matches(".* payment-v2-0( .*)?")))
                .hasSize(1);
    }

    @Test
    void bootstrap_namesTheNodeItsAddressesAndTheControlPlane_andBoundsItsMemory() {
        String bootstrap = Plan.of(shop, surroundings, Map.of())
                .files()
                .get(folder.resolve("lab/bootstrap/payment-v1-0-proxy.yaml"));

        assertThat(bootstrap)
                .contains("sidecar~shop/payment-v1-0", "APP_ADDRESS: 127.7.5.2", "POD_IP: 127.7.5.1", "127.7.1.1")
                .contains("max_heap_size_bytes: 28311552", "stop_accepting_requests");
    }

    @Test
    void slice_saysReadyOnlyIfBothTheApplicationAndItsProxyAre() {
        Plan plan = Plan.of(shop, surroundings, Map.of());
        ObjectKey key = new ObjectKey("EndpointSlice", "shop", "payment-v1-local");

        assertThat(plan.endpointSlices(name -> true).get(key)).contains("ready: true");
        assertThat(plan.endpointSlices(name -> !name.equals("payment-v1-0-proxy"))
                        .get(key))
                .contains("ready: false");
        assertThat(plan.endpointSlices(name -> !name.equals("payment-v1-0")).get(key))
                .contains("ready: false");
        plan.endpointSlices(name -> true)
                .forEach((each, text) -> assertThat(
                                ResourceReader.read(each.name(), text).problems())
                        .as(text)
                        .isEmpty());
    }

    @Test
    void digest_differsWithWhatTheProcessIs_notWithWhatMakesItFast() {
        Launch plain = launch("payment-v1-0");
        Surroundings recording = new Surroundings(
                surroundings.checkout(), surroundings.home(), surroundings.settings(), surroundings.java(), folder);
        Launch recorded = Plan.of(shop, recording, Map.of()).launches().stream()
                .filter(launch -> launch.name().equals("payment-v1-0"))
                .findFirst()
                .orElseThrow();

        assertThat(recorded.commandLine()).anyMatch(word -> word.startsWith("-XX:AOTCacheOutput="));
        assertThat(recorded.digest()).isEqualTo(plain.digest());
        assertThat(launch("payment-v2-0").digest()).isNotEqualTo(plain.digest());
    }

    private Launch launch(String name) {
        return Plan.of(shop, surroundings, Map.of()).launches().stream()
                .filter(launch -> launch.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
