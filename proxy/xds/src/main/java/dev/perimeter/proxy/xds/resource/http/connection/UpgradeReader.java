package dev.perimeter.proxy.xds.resource.http.connection;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The protocols that clients may go on with (Envoy: upgrade_configs), CONNECT among them. */
public final class UpgradeReader {

    /** Filters of its own for a protocol are not there, so they are refused. */
    public static final FieldList OF_MANAGER = FieldList.of(HttpConnectionManager.UpgradeConfig::getDescriptor)
            .honoured(
                    HttpConnectionManager.UpgradeConfig.UPGRADE_TYPE_FIELD_NUMBER,
                    HttpConnectionManager.UpgradeConfig.ENABLED_FIELD_NUMBER);

    public static final FieldList OF_ROUTE = FieldList.of(RouteAction.UpgradeConfig::getDescriptor)
            .honoured(
                    RouteAction.UpgradeConfig.UPGRADE_TYPE_FIELD_NUMBER, RouteAction.UpgradeConfig.ENABLED_FIELD_NUMBER)
            .inside(
                    RouteAction.UpgradeConfig.CONNECT_CONFIG_FIELD_NUMBER,
                    FieldList.of(RouteAction.UpgradeConfig.ConnectConfig::getDescriptor));

    private static final String CONNECT = "connect";

    /**
     * Protocols by name in lower case, each with whether it is allowed.
     *
     * @param connect whether CONNECT is
     */
    public record Upgrades(boolean connect, Map<String, Boolean> protocols) {

        public Set<String> allowed() {
            return protocols.entrySet().stream()
                    .filter(Map.Entry::getValue)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private UpgradeReader() {}

    public static Upgrades ofManager(List<HttpConnectionManager.UpgradeConfig> configs, Place place) {
        Map<String, Boolean> found = new HashMap<>();
        for (int i = 0; i < configs.size(); i++) {
            HttpConnectionManager.UpgradeConfig config = configs.get(i);
            boolean enabled = !config.hasEnabled() || config.getEnabled().getValue();
            add(found, config.getUpgradeType(), enabled, place.in("upgrade_configs", i));
        }
        return of(found);
    }

    public static Upgrades ofRoute(List<RouteAction.UpgradeConfig> configs, Place place) {
        Map<String, Boolean> found = new HashMap<>();
        for (int i = 0; i < configs.size(); i++) {
            RouteAction.UpgradeConfig config = configs.get(i);
            Place here = place.in("upgrade_configs", i);
            boolean enabled = !config.hasEnabled() || config.getEnabled().getValue();
            boolean connect = config.getUpgradeType().equalsIgnoreCase(CONNECT);
            if (connect && enabled && !config.hasConnectConfig()) {
                here.refuse("CONNECT needs connect_config: passing it on to another proxy is not supported yet");
            } else if (!connect && config.hasConnectConfig()) {
                here.in("connect_config").refuse("is for CONNECT only");
            }
            add(found, config.getUpgradeType(), enabled, here);
        }
        return of(found);
    }

    private static void add(Map<String, Boolean> found, String type, boolean enabled, Place place) {
        String name = type.toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            place.in("upgrade_type").refuse("must not be empty");
        } else if (name.equals("h2c")) {
            place.in("upgrade_type").refuse("`h2c` is no upgrade any more (RFC 9113 section 3.1); use prior knowledge");
        } else if (found.putIfAbsent(name, enabled) != null) {
            place.in("upgrade_type").refuse("`" + type + "` is there twice");
        }
    }

    private static Upgrades of(Map<String, Boolean> found) {
        boolean connect = Boolean.TRUE.equals(found.remove(CONNECT));
        return new Upgrades(connect, found);
    }
}
