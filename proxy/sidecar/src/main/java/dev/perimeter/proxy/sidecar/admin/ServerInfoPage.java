package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /server_info}: who this is, in which state, since when. */
final class ServerInfoPage implements AdminPage {

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        String uptime = Duration.between(proxy.started(), proxy.now()).toSeconds() + "s";
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("version", "perimeter/java-" + Runtime.version().feature());
        info.put("state", state(proxy));
        info.put("uptime_current_epoch", uptime);
        info.put("uptime_all_epochs", uptime);
        info.put("command_line_options", Map.of("config_path", proxy.bootstrapFile()));
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", proxy.bootstrap().nodeId());
        node.put("cluster", proxy.bootstrap().nodeCluster());
        node.put("metadata", proxy.bootstrap().metadata());
        info.put("node", node);
        return AdminReply.json(Json.write(info));
    }

    /** Envoy's words. */
    private static String state(ProxyView proxy) {
        if (proxy.draining()) {
            return "DRAINING";
        }
        return proxy.notReady() == null ? "LIVE" : "PRE_INITIALIZING";
    }
}
