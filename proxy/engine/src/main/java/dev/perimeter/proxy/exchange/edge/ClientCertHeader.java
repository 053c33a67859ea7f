package dev.perimeter.proxy.exchange.edge;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.snapshot.ClientCertForwarding;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Details;
import dev.perimeter.proxy.tls.PeerCertificate;
import dev.perimeter.proxy.tls.TlsConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code x-forwarded-client-cert}: one element a proxy, of {@code key=value} pairs
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert). Only a
 * proxy that saw a certificate may speak of it. One object for each connection whose client showed one, on its event loop:
 * a certificate in full is some kilobytes to encode.
 */
public final class ClientCertHeader {

    private static final String NAME = "x-forwarded-client-cert";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final @Nullable PeerCertificate local;
    private final PeerCertificate peer;
    private @Nullable Details details;
    private String element = "";

    private ClientCertHeader(@Nullable PeerCertificate local, PeerCertificate peer) {
        this.local = local;
        this.peer = peer;
    }

    /** Null for a connection whose client showed no certificate. */
    public static @Nullable ClientCertHeader of(@Nullable TlsConnection tls) {
        PeerCertificate peer = tls == null ? null : tls.peer();
        return tls == null || peer == null ? null : new ClientCertHeader(tls.local(), peer);
    }

    /** @param own of the connection that the request came by */
    public static void apply(Headers headers, ClientCertForwarding how, @Nullable ClientCertHeader own) {
        switch (how.mode()) {
            case ALWAYS_FORWARD_ONLY -> {}
            case SANITIZE -> headers.remove(NAME);
            case FORWARD_ONLY -> {
                if (own == null) {
                    headers.remove(NAME);
                }
            }
            case SANITIZE_SET -> {
                headers.remove(NAME);
                if (own != null) {
                    headers.add(NAME, own.element(how.details()));
                }
            }
            case APPEND_FORWARD -> {
                String before = own == null ? null : headers.joined(NAME, ",");
                headers.remove(NAME);
                if (own != null) {
                    String element = own.element(how.details());
                    headers.add(NAME, before == null ? element : before + "," + element);
                }
            }
        }
    }

    private String element(Details wanted) {
        if (!wanted.equals(details)) {
            details = wanted;
            element = element(local, peer, wanted);
        }
        return element;
    }

    private static String element(@Nullable PeerCertificate local, PeerCertificate peer, Details details) {
        StringBuilder out = new StringBuilder(160);
        if (local != null && local.uriSan() != null) {
            pair(out, "By", local.uriSan());
        }
        pair(out, "Hash", peer.sha256());
        if (details.cert()) {
            pair(out, "Cert", '"' + pem(List.of(peer.certificate())) + '"');
        }
        if (details.chain()) {
            List<X509Certificate> chain = new ArrayList<>(List.of(peer.certificate()));
            chain.addAll(peer.issuers());
            pair(out, "Chain", '"' + pem(chain) + '"');
        }
        if (details.subject()) {
            pair(out, "Subject", '"' + escaped(peer.subject()) + '"');
        }
        if (details.uri()) {
            all(out, "URI", peer.uriSans());
        }
        if (details.dns()) {
            all(out, "DNS", peer.dnsSans());
        }
        return out.toString();
    }

    private static void all(StringBuilder out, String key, List<String> values) {
        for (String value : values) {
            pair(out, key, value);
        }
    }

    private static void pair(StringBuilder out, String key, String value) {
        if (!out.isEmpty()) {
            out.append(';');
        }
        out.append(key).append('=').append(value.startsWith("\"") ? value : quoted(value));
    }

    /** A name of a certificate is chosen by whoever asked for it, and must not end its value. */
    private static String quoted(String value) {
        boolean plain =
                value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',' && c != ';' && c != '=' && c != '"');
        return plain ? value : '"' + escaped(value) + '"';
    }

    private static String escaped(String value) {
        return value.replaceAll("[^ -~]", "?").replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String pem(List<X509Certificate> certificates) {
        StringBuilder all = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                all.append("-----BEGIN CERTIFICATE-----\n")
                        .append(LINES.encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
        } catch (CertificateEncodingException broken) {
            return "";
        }
        return URLEncoder.encode(all.toString(), StandardCharsets.US_ASCII).replace("+", "%20");
    }
}
