package dev.perimeter.proxy.tls;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cipher suites before TLS 1.3 under the two names they have: OpenSSL's, which Envoy uses, and IANA's, which Java uses. */
public final class CipherNames {

    private static final Map<String, String> IANA = new HashMap<>();
    private static final Map<String, String> OPEN_SSL = new HashMap<>();

    static {
        for (String key : new String[] {"ECDSA", "RSA"}) {
            String name = "ECDHE-" + key + "-";
            String iana = "TLS_ECDHE_" + key + "_WITH_";
            put(name + "AES128-GCM-SHA256", iana + "AES_128_GCM_SHA256");
            put(name + "AES256-GCM-SHA384", iana + "AES_256_GCM_SHA384");
            put(name + "CHACHA20-POLY1305", iana + "CHACHA20_POLY1305_SHA256");
            put(name + "AES128-SHA256", iana + "AES_128_CBC_SHA256");
            put(name + "AES128-SHA", iana + "AES_128_CBC_SHA");
            put(name + "AES256-SHA", iana + "AES_256_CBC_SHA");
        }
        put("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256");
        put("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384");
        put("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA");
        put("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");
    }

    private CipherNames() {}

    private static void put(String openSsl, String iana) {
        IANA.put(openSsl, iana);
        OPEN_SSL.put(iana, openSsl);
    }

    /** IANA's name for either name; null when the suite is not known here. */
    public static @Nullable String iana(String name) {
        return OPEN_SSL.containsKey(name) ? name : IANA.get(name);
    }

    /** OpenSSL's name, which for TLS 1.3 is IANA's. */
    public static String openSsl(String iana) {
        return OPEN_SSL.getOrDefault(iana, iana);
    }
}
