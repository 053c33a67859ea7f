package dev.perimeter.proxy.upstream.connect;

import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.path.Authorities;
import io.netty.util.NetUtil;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/** The name that TLS asks for when that is up to the request. */
public final class ServerName {

    private static final int LONGEST = 253;

    private ServerName() {}

    /** Null when the configuration names it, or when the request has no name that could be asked for. */
    public static @Nullable String of(UpstreamProtocol.@Nullable Naming naming, RequestHead head) {
        if (naming == null) {
            return null;
        }
        String given = naming.header().isEmpty() ? null : head.headers().get(naming.header());
        String authority = given == null || given.isEmpty() ? head.authority() : given;
        String name = Authorities.withoutTrailingDot(Authorities.withoutPort(authority))
                .toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        return isAddress(name) || isSendable(name) ? name : null;
    }

    /** RFC 6066 section 3: an address is no name. */
    public static boolean isAddress(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    }

    private static boolean isSendable(String name) {
        try {
            return !name.isEmpty()
                    && name.length() <= LONGEST
                    && !new SNIHostName(name).getAsciiName().isEmpty();
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }
}
