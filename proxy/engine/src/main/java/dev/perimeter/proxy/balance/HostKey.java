package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;

/** What a host is hashed by: the text Envoy takes. */
final class HostKey {

    private HostKey() {}

    static String of(Endpoint endpoint, boolean byHostname) {
        // Envoy: the key `hash_key` in an endpoint's envoy.lb metadata goes before everything else.
        if (endpoint.metadata("hash_key") instanceof String own) {
            return own;
        }
        if (byHostname && !endpoint.hostname().isEmpty()) {
            return endpoint.hostname();
        }
        InetAddress address = endpoint.address().getAddress();
        String host = address == null ? endpoint.address().getHostString() : NetUtil.toAddressString(address);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + endpoint.address().getPort();
    }
}
