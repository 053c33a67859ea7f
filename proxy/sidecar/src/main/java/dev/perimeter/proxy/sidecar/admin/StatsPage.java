package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** {@code /stats/prometheus}: the engine's numbers, and those of following the control plane. */
final class StatsPage implements AdminPage {

    @Override
    public Reply answer(ProxyView proxy, String query) {
        StringBuilder text = new StringBuilder(proxy.dataPlane().metrics().prometheus());
        XdsStatus xds = proxy.xds();
        gauge(text, "envoy_server_live", proxy.notReady() == null ? 1 : 0);
        gauge(
                text,
                "envoy_server_uptime",
                proxy.now().getEpochSecond() - proxy.started().getEpochSecond());
        gauge(text, "envoy_control_plane_connected_state", xds.connected() ? 1 : 0);
        counter(text, "perimeter_xds_updates_accepted_total", xds, XdsStatus.TypeStatus::accepted);
        counter(text, "perimeter_xds_updates_refused_total", xds, XdsStatus.TypeStatus::refused);
        return new Reply(
                200, "text/plain; version=0.0.4; charset=utf-8", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void gauge(StringBuilder text, String name, long value) {
        text.append("# TYPE ")
                .append(name)
                .append(" gauge\n")
                .append(name)
                .append(' ')
                .append(value)
                .append('\n');
    }

    private interface Number {
        long of(XdsStatus.TypeStatus type);
    }

    private static void counter(StringBuilder text, String name, XdsStatus xds, Number number) {
        text.append("# TYPE ").append(name).append(" counter\n");
        xds.types()
                .forEach((type, status) -> text.append(name)
                        .append("{type=\"")
                        .append(label(type))
                        .append("\"} ")
                        .append(number.of(status))
                        .append('\n'));
    }

    private static String label(ResourceType type) {
        return type.word().replace(' ', '_').toLowerCase(Locale.ROOT);
    }
}
