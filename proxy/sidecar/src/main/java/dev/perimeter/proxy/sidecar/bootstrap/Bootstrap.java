package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.xds.transport.ControlPlane.Keepalive;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * What a proxy must know before it can ask for the rest.
 *
 * @param metadata of the node, as it stands in the file
 * @param admin where the admin pages are; on loopback
 * @param controlPlane where ADS is
 * @param whole the file as it stands, for {@code /config_dump}
 */
public record Bootstrap(
        String nodeId,
        String nodeCluster,
        Map<?, ?> metadata,
        InetSocketAddress admin,
        InetSocketAddress controlPlane,
        Keepalive keepalive,
        Map<?, ?> whole) {}
