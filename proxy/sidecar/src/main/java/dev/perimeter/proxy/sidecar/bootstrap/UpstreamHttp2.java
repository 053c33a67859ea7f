package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.xds.transport.ControlPlane.Keepalive;
import java.time.Duration;

/** The options by which the control plane's cluster says that it speaks HTTP/2, and how a dead one is noticed. */
final class UpstreamHttp2 {

    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private UpstreamHttp2() {}

    static Keepalive keepalive(Section cluster) {
        if (cluster.has("http2_protocol_options")) {
            return of(cluster.section("http2_protocol_options"));
        }
        Section extensions = cluster.section("typed_extension_protocol_options");
        Section options = extensions.section(OPTIONS);
        String type = options.text("@type");
        if (!type.equals("type.googleapis.com/" + OPTIONS)) {
            options.refuse("@type", "must be type.googleapis.com/" + OPTIONS);
        }
        Section explicit = options.section("explicit_http_config");
        Keepalive keepalive = of(explicit.section("http2_protocol_options"));
        explicit.end();
        options.end();
        extensions.end();
        return keepalive;
    }

    private static Keepalive of(Section http2) {
        Keepalive keepalive = Keepalive.DEFAULT;
        if (http2.has("connection_keepalive")) {
            Section section = http2.section("connection_keepalive");
            keepalive = new Keepalive(duration(section, "interval"), duration(section, "timeout"));
            section.end();
        }
        http2.end();
        return keepalive;
    }

    private static Duration duration(Section section, String name) {
        Duration duration = section.duration(name);
        if (duration.isZero()) {
            section.refuse(name, "must be more than zero");
        }
        return duration;
    }
}
