package dev.perimeter.proxy.tls;

/**
 * TLS with upstreams (Envoy: UpstreamTlsContext).
 *
 * @param sni the name to ask for; empty for none
 * @param sniIsHost the name of the endpoint is asked for where it has one (auto_host_sni)
 * @param sniIsSan the peer's certificate must hold that name (auto_sni_san_validation)
 * @param sessions how many sessions are kept to be resumed; 0 for none
 */
public record UpstreamTls(TlsSettings settings, String sni, boolean sniIsHost, boolean sniIsSan, int sessions) {

    public static UpstreamTls of(TlsSettings settings, String sni) {
        return new UpstreamTls(settings, sni, false, false, 1);
    }
}
