package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import dev.perimeter.proxy.tls.PeerCertificate;
import dev.perimeter.proxy.tls.ShownCertificates;
import dev.perimeter.proxy.tls.ShownCertificates.Shown;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /certs}: the certificates in use and when they end, in the shape of Envoy's admin.v3.Certificates. */
final class CertsPage implements AdminPage {

    /** Tags of RFC 5280's GeneralName with the names of Envoy's fields. */
    private static final Map<Integer, String> NAMES = Map.of(2, "dns", 6, "uri", 7, "ip_address");

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (ShownCertificates context : proxy.dataPlane().certificates()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("ca_cert", details(context.authorities(), proxy.now()));
            entry.put("cert_chain", details(context.chains(), proxy.now()));
            all.add(entry);
        }
        return AdminReply.json(Json.write(Map.of("certificates", all)));
    }

    private static List<Map<String, Object>> details(List<Shown> shown, Instant now) {
        return shown.stream().map(one -> details(one, now)).toList();
    }

    private static Map<String, Object> details(Shown shown, Instant now) {
        X509Certificate certificate = shown.certificate();
        Instant end = certificate.getNotAfter().toInstant();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("path", shown.path());
        details.put("serial_number", certificate.getSerialNumber().toString(16));
        details.put("subject_alt_names", names(certificate));
        // Protobuf's JSON writes 64 bits as a text; what is over has no days left.
        details.put(
                "days_until_expiration",
                Long.toString(Math.max(0, Duration.between(now, end).toDays())));
        details.put("valid_from", certificate.getNotBefore().toInstant().toString());
        details.put("expiration_time", end.toString());
        return details;
    }

    private static List<Map<String, String>> names(X509Certificate certificate) {
        List<Map<String, String>> names = new ArrayList<>();
        for (PeerCertificate.Name name : PeerCertificate.names(certificate)) {
            String field = NAMES.get(name.tag());
            if (field != null) {
                names.add(Map.of(field, name.value()));
            }
        }
        return names;
    }
}
