package dev.perimeter.proxy.sidecar.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.proxy.sidecar.text.Json;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.SourceStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import dev.perimeter.proxy.xds.world.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /config_dump}: in {@code configs} what Envoy shows there, in Envoy's shape; beside it how following the control
 * plane stands, and the fields that were accepted without effect.
 */
final class ConfigDumpPage implements AdminPage {

    private static final String BOOTSTRAP_TYPE = "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump";

    @Override
    public Reply answer(ProxyView proxy, String query) {
        XdsStatus xds = proxy.xds();
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("@type", BOOTSTRAP_TYPE);
        bootstrap.put("bootstrap", proxy.bootstrap().whole());
        bootstrap.put("last_updated", proxy.started().toString());
        List<Object> configs = new ArrayList<>();
        configs.add(bootstrap);
        for (Message section : ConfigSections.of(xds, proxy.started())) {
            configs.add(new Json.Raw(ProtoText.json(Any.pack(section))));
        }
        Map<String, Object> dump = new LinkedHashMap<>();
        dump.put("configs", configs);
        dump.put("control_plane", controlPlane(xds));
        dump.put("harmless_fields", harmless(proxy.bootstrap().harmless(), xds));
        return Reply.json(Json.write(dump));
    }

    private static Map<String, Object> controlPlane(XdsStatus xds) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("target", xds.target());
        view.put("connected", xds.connected());
        view.put("since", xds.since().toString());
        view.put("lost", xds.lost());
        view.put("waiting_for", xds.waitingFor());
        view.put("given_up", xds.givenUp());
        view.put("last_good", xds.lastGood());
        view.put("problems", xds.problems());
        view.put("sources", xds.sources().stream().map(ConfigDumpPage::source).toList());
        Map<String, Object> types = new LinkedHashMap<>();
        xds.types().forEach((type, status) -> types.put(typeName(type), type(status)));
        view.put("types", types);
        return view;
    }

    private static Map<String, Object> source(SourceStatus source) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("source", source.key().isEmpty() ? "ads" : source.key());
        view.put("target", source.target());
        view.put("connected", source.connected());
        view.put("since", source.since().toString());
        view.put("lost", source.lost());
        return view;
    }

    private static Map<String, Object> type(TypeStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("version_info", status.version());
        view.put("accepted", status.accepted());
        view.put("refused", status.refused());
        Rejection rejection = status.rejection();
        if (rejection != null) {
            view.put(
                    "last_refused",
                    Map.of(
                            "version_info",
                            rejection.version(),
                            "message",
                            rejection.sentence(),
                            "at",
                            rejection.at().toString()));
        }
        return view;
    }

    /** The words of the control plane's own pages. */
    private static String typeName(ResourceType type) {
        return switch (type) {
            case CLUSTER -> "clusters";
            case ENDPOINTS -> "endpoints";
            case LISTENER -> "listeners";
            case ROUTE_TABLE -> "routes";
            case SECRET -> "secrets";
            case FILTER_CONFIG -> "filters";
        };
    }

    private static List<String> harmless(List<String> bootstrap, XdsStatus xds) {
        List<String> fields = new ArrayList<>();
        bootstrap.forEach(path -> fields.add("bootstrap: " + path));
        xds.types()
                .forEach((type, status) -> status.fixed()
                        .forEach((name, resource) -> resource.harmless()
                                .forEach(path -> fields.add(type.word() + " `" + name + "`: " + path.get()))));
        xds.types()
                .forEach((type, status) -> status.resources()
                        .forEach((name, held) -> held.resource()
                                .harmless()
                                .forEach(path -> fields.add(type.word() + " `" + name + "`: " + path.get()))));
        return fields.stream().sorted().toList();
    }
}
