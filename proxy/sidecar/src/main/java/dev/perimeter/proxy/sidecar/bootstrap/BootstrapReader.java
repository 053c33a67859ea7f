package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.transport.ControlPlane.Keepalive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a bootstrap, YAML or JSON (which is YAML too). Anything set that is not read here is refused by its path. */
public final class BootstrapReader {

    private BootstrapReader() {}

    /** The bootstrap, or the sentence that says what is wrong with it. Never throws. */
    public static Parsed<Bootstrap> read(String text) {
        Object tree;
        try {
            tree = new Load(LoadSettings.builder().setLabel("bootstrap").build()).loadFromString(text);
        } catch (MarkedYamlEngineException malformed) {
            String line = malformed
                    .getProblemMark()
                    .map(mark -> "line " + (mark.getLine() + 1))
                    .orElse("");
            return new Parsed.Bad<>(line, malformed.getProblem());
        } catch (YamlEngineException malformed) {
            return new Parsed.Bad<>(
                    "",
                    String.valueOf(malformed.getMessage()).lines().findFirst().orElse("not YAML"));
        }
        return tree instanceof Map<?, ?> whole ? read(whole) : new Parsed.Bad<>("", "must be an object");
    }

    private static Parsed<Bootstrap> read(Map<?, ?> whole) {
        Section.Findings findings = new Section.Findings();
        Section root = new Section(whole, "", findings);

        Section node = root.section("node");
        String id = node.text("id");
        String cluster = node.text("cluster", "");
        Map<?, ?> metadata = node.free("metadata");
        node.end();

        Section adminSection = root.section("admin");
        InetSocketAddress admin = address(adminSection, 0);
        if (!admin.getAddress().isLoopbackAddress()) {
            adminSection.refuse(
                    "address.socket_address.address",
                    "`" + admin.getAddress().getHostAddress()
                            + "` is not a loopback address; whoever reaches the admin pages can drain the proxy");
        }
        adminSection.end();

        String controlPlaneName = adsCluster(root.section("dynamic_resources"));
        Section resources = root.section("static_resources");
        Section controlPlane = controlPlane(resources.list("clusters"), controlPlaneName, resources);
        InetSocketAddress target = endpoint(controlPlane, controlPlaneName);
        Keepalive keepalive = UpstreamHttp2.keepalive(controlPlane);
        controlPlane.end();
        resources.end();
        root.end();
        return findings.outcome(new Bootstrap(id, cluster, metadata, admin, target, keepalive, whole));
    }

    /** The name of the cluster where ADS is. */
    private static String adsCluster(Section dynamic) {
        Section ads = dynamic.section("ads_config");
        if (!ads.text("api_type").equals("GRPC")) {
            ads.refuse("api_type", "must be GRPC; other ways to get the configuration are not supported yet");
        }
        version(ads, "transport_api_version");
        // The node is sent with the first message of a stream only, which every server must be able to live with.
        ads.accept("set_node_on_first_message_only");
        Section service = ads.only("grpc_services");
        Section grpc = service.section("envoy_grpc");
        String name = grpc.text("cluster_name");
        grpc.end();
        service.end();
        ads.end();
        for (String kind : List.of("lds_config", "cds_config")) {
            Section source = dynamic.section(kind);
            source.section("ads").end();
            version(source, "resource_api_version");
            source.end();
        }
        dynamic.end();
        return name;
    }

    private static void version(Section section, String field) {
        String version = section.text(field, "V3");
        if (!version.equals("V3")) {
            section.refuse(field, "`" + version + "` must be V3");
        }
    }

    private static Section controlPlane(List<Section> clusters, String name, Section resources) {
        Section found = new Section(Map.of(), "static_resources.clusters[0]", new Section.Findings());
        boolean any = false;
        for (Section cluster : clusters) {
            if (cluster.text("name").equals(name)) {
                found = cluster;
                any = true;
            } else {
                cluster.refuse("name", "only the cluster of the control plane, `" + name + "`, may stand here");
            }
        }
        if (!any) {
            resources.refuse("clusters", "there is no cluster `" + name + "`, which ads_config names");
        }
        return found;
    }

    private static InetSocketAddress endpoint(Section cluster, String name) {
        String type = cluster.text("type", "STATIC");
        if (!type.equals("STATIC")) {
            cluster.refuse("type", "`" + type + "` is not supported yet, only STATIC is");
        }
        // The attempt to connect has a bound of its own, and there is but one endpoint to balance over.
        cluster.accept("connect_timeout", "lb_policy");
        Section assignment = cluster.section("load_assignment");
        if (!assignment.text("cluster_name", name).equals(name)) {
            assignment.refuse("cluster_name", "must be `" + name + "`");
        }
        Section locality = assignment.only("endpoints");
        Section host = locality.only("lb_endpoints");
        Section endpoint = host.section("endpoint");
        InetSocketAddress address = address(endpoint, 1);
        endpoint.end();
        host.end();
        locality.end();
        assignment.end();
        return address;
    }

    private static InetSocketAddress address(Section holder, int leastPort) {
        Section address = holder.section("address");
        Section socket = address.section("socket_address");
        String protocol = socket.text("protocol", "TCP");
        if (!protocol.equals("TCP")) {
            socket.refuse("protocol", "must be TCP");
        }
        String ip = socket.text("address");
        int port = socket.number("port_value", leastPort, 65_535);
        socket.end();
        address.end();
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
        } catch (IllegalArgumentException notLiteral) {
            socket.refuse("address", "`" + ip + "` is not an IP address; names are not resolved here");
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }
    }
}
