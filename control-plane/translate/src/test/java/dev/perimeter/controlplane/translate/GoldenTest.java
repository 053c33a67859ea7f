package dev.perimeter.controlplane.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.sources.Reading;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlTree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pairs of files: what the world is and which proxy asks ({@code x.in.yaml}, its first line names the node), and what
 * it is to have ({@code x.out.yaml}). {@code -Dgolden.update} writes the second anew; read the difference like code.
 */
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".in.yaml"))
                    .map(name -> name.replace(".in.yaml", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void world_translated_isAsWrittenDown(String name) throws IOException {
        String in = Files.readString(FOLDER.resolve(name + ".in.yaml"));
        Path out = FOLDER.resolve(name + ".out.yaml");

        String translated = YamlWriter.write(Tree.of(translate(in)));

        if (System.getProperty("golden.update") != null) {
            Files.writeString(out, translated);
        }
        assertThat(translated).isEqualTo(Files.readString(out));
    }

    @ParameterizedTest
    @MethodSource("names")
    void sameWorld_translatedTwice_hasTheSameVersions(String name) throws IOException {
        String in = Files.readString(FOLDER.resolve(name + ".in.yaml"));

        assertThat(versions(in)).isEqualTo(versions(in)).isNotEmpty();
    }

    @Test
    void gatewayWithoutItsObject_getsNothingAndTheReason() {
        Translation translation = new Translator(MeshConfig.EMPTY).translate(node("# node: gateway~shop/gateway"));

        assertThat(translation)
                .isEqualTo(new Translation.Nothing("There is no Gateway shop/gateway, which the node id names."));
    }

    private static List<String> versions(String in) {
        ProxyConfig config = config(in);
        return Stream.of(config.listeners(), config.routes(), config.clusters(), config.endpoints())
                .map(Resource::versionOf)
                .toList();
    }

    private static Map<String, Object> translate(String in) {
        Translator translator = new Translator(world(in));
        Map<String, Object> out = new LinkedHashMap<>();
        for (HttpRoute route : translator.world().all(HttpRoute.class)) {
            out.put(
                    route.key().toString(),
                    translator.attachments().conditions(route.key()).stream()
                            .map(each -> each.type().word() + ": " + each.holds() + " (" + each.reason() + ") "
                                    + each.message())
                            .toList());
        }
        ProxyConfig config = config(in);
        out.put("listeners", printed(config.listeners().values()));
        out.put("routes", printed(config.routes().values()));
        out.put("clusters", printed(config.clusters().values()));
        out.put("endpoints", printed(config.endpoints().values()));
        return out;
    }

    private static List<Tree> printed(Collection<Resource> resources) {
        return resources.stream()
                .map(resource -> ((YamlTree.Read) YamlTree.parse(ProtoJson.print(resource), 1)).tree())
                .toList();
    }

    private static ProxyConfig config(String in) {
        return ((Translation.Config) new Translator(world(in)).translate(node(in))).resources();
    }

    private static MeshConfig world(String in) {
        Reading reading = ResourceReader.read("in.yaml", in);
        assertThat(reading.problems()).isEmpty();
        return new MeshConfig(reading.objects(), List.of());
    }

    private static ProxyNode node(String in) {
        String[] words =
                in.lines().findFirst().orElseThrow().replace("# node: ", "").split(" ");
        Struct.Builder metadata = Struct.newBuilder();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=");
            metadata.putFields(
                    pair[0], Value.newBuilder().setStringValue(pair[1]).build());
        }
        Node node = Node.newBuilder().setId(words[0]).setMetadata(metadata).build();
        return ((ProxyNode.Known) ProxyNode.parse(node)).node();
    }
}
