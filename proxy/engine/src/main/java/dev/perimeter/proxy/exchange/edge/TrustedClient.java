package dev.perimeter.proxy.exchange.edge;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is, and whether it began within the network: the one place that decides whom to believe. After Envoy's
 * "x-forwarded-for" and "x-envoy-internal"
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers):
 *
 * <ul>
 *   <li>With {@code use_remote_address} the client is the other end of the connection, or, behind
 *       {@code xff_num_trusted_hops} proxies that are ours, whom the farthest of them saw.
 *   <li>Without, it is the last address of {@code x-forwarded-for} but for that many; what is no address names nobody, and
 *       then the client is the other end of the connection.
 *   <li>A request is internal if its client is in {@code internal_address_config} and nobody else stands between: with
 *       {@code use_remote_address} there is no {@code x-forwarded-for} yet, without there is exactly one address in it.
 * </ul>
 *
 * @param named in its shortest form (RFC 5952), or null when the client is the other end of the connection
 * @param internal whether what it asks for itself is believed
 */
public record TrustedClient(@Nullable String named, boolean internal) {

    static final String FOR = "x-forwarded-for";

    /** There is none to be made for a request that names nobody. */
    private static final TrustedClient PEER = new TrustedClient(null, false);

    private static final TrustedClient INTERNAL_PEER = new TrustedClient(null, true);

    /** @param peer the other end of the connection, or null where it has no address */
    public static TrustedClient of(Headers headers, EdgeBehaviour edge, @Nullable InetAddress peer) {
        boolean fromPeer = edge.useRemoteAddress();
        if (!headers.contains(FOR)) {
            return fromPeer && edge.isInternal(peer) ? INTERNAL_PEER : PEER;
        }
        // Envoy counts the peer as the first hop where it trusts in its address.
        int skipped = edge.xffNumTrustedHops() - (fromPeer ? 1 : 0);
        String list = skipped < 0 ? null : headers.joined(FOR, ",");
        String named = list == null ? null : last(list, skipped);
        if (named == null) {
            return PEER;
        }
        boolean alone = !fromPeer && skipped == 0 && list != null && list.indexOf(',') < 0;
        boolean internal = alone && !edge.internalRanges().isEmpty() && edge.isInternal(literal(named));
        return new TrustedClient(named, internal);
    }

    private static @Nullable InetAddress literal(String named) {
        return named.indexOf(':') < 0 ? NetUtil.createInetAddressFromIpAddressString(named) : NetUtil.getByName(named);
    }

    /** The last address of the list but for so many; null when there is none, or what stands there is none. */
    private static @Nullable String last(String list, int skipped) {
        int end = list.length();
        for (int i = 0; i < skipped; i++) {
            end = list.lastIndexOf(',', end - 1);
            if (end < 0) {
                return null;
            }
        }
        return address(list.substring(list.lastIndexOf(',', end - 1) + 1, end).strip());
    }

    private static @Nullable String address(String text) {
        if (isV4(text)) {
            return text;
        }
        // Netty reads brackets and zones too, which no list of addresses has.
        boolean bare = text.indexOf(':') >= 0 && text.indexOf('[') < 0 && text.indexOf('%') < 0;
        Inet6Address address = bare ? NetUtil.getByName(text) : null;
        return address == null ? null : NetUtil.toAddressString(address, true);
    }

    /** Four numbers as {@code inet_pton} takes them: 010.1.2.3 means one thing to some and another to others. */
    private static boolean isV4(String text) {
        int numbers = 0;
        for (int at = 0; at <= text.length() && numbers <= 4; numbers++) {
            int dot = text.indexOf('.', at);
            int end = dot < 0 ? text.length() : dot;
            if (!isOctet(text, at, end)) {
                return false;
            }
            at = end + 1;
        }
        return numbers == 4;
    }

    private static boolean isOctet(String text, int from, int to) {
        if (to == from || to - from > 3 || (text.charAt(from) == '0' && to - from > 1)) {
            return false;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return value <= 255;
    }
}
