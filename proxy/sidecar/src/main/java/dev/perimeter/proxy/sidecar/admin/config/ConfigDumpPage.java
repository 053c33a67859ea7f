package dev.perimeter.proxy.sidecar.admin.config;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProtoText;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
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
import java.util.Set;

/**
 * {@code /config_dump}: in {@code configs} what Envoy shows there, in Envoy's shape; beside it how following the control
 * plane stands, and the fields that were accepted without effect.
 */
public final class ConfigDumpPage implements AdminPage {

    private static final String BOOTSTRAP_TYPE = "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump";

    @Override
    public Set<String> parameters() {
        // Endpoints are always there: it costs nothing to say so.
        return Set.of("resource", "mask", "name_regex", "include_eds");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        Pattern name;
        try {
            name = query.has("name_regex") ? Pattern.compile(query.get("name_regex", "")) : null;
        } catch (PatternSyntaxException wrong) {
            return AdminPage.wrong("name_regex", "is no regular expression");
        }
        String mask = query.get("mask", "");
        ConfigSelection selection =
                new ConfigSelection(query.get("resource"), name, mask.isEmpty() ? List.of() : List.of(mask.split(",")));
        return selection.all() ? whole(proxy) : part(proxy, selection);
    }

    private static AdminReply part(ProxyView proxy, ConfigSelection selection) {
        List<String> sections = new ArrayList<>();
        if (selection.resource() == null) {
            sections.add(Json.write(bootstrap(proxy)));
        }
        ConfigSections.of(proxy.xds(), proxy.started())
                .forEach(section -> sections.add(ProtoText.json(Any.pack(section))));
        try {
            List<Object> kept = selection.of(sections);
            return kept.isEmpty() && selection.name() == null
                    ? AdminPage.wrong("resource", "is no list of a section here, e.g. dynamic_listeners")
                    : AdminReply.json(Json.write(Map.of("configs", kept)));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalStateException("our own JSON cannot be read", malformed);
        }
    }

    private static AdminReply whole(ProxyView proxy) {
        XdsStatus xds = proxy.xds();
        List<Object> configs = new ArrayList<>();
        configs.add(bootstrap(proxy));
        for (Message section : ConfigSections.of(xds, proxy.started())) {
            configs.add(new Json.Raw(ProtoText.json(Any.pack(section))));
        }
        Map<String, Object> dump = new LinkedHashMap<>();
        dump.put("configs", configs);
        dump.put("control_plane", controlPlane(xds));
        dump.put("harmless_fields", harmless(proxy.bootstrap().harmless(), xds));
        return AdminReply.json(Json.write(dump));
    }

    private static Map<String, Object> bootstrap(ProxyView proxy) {
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("@type", BOOTSTRAP_TYPE);
        bootstrap.put("bootstrap", Redacted.of(proxy.bootstrap().whole()));
        bootstrap.put("last_updated", proxy.started().toString());
        return bootstrap;
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
