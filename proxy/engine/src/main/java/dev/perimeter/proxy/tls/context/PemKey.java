package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The three forms a private key may have in a PEM file. Java reads PKCS #8 alone; the older forms of RSA (PKCS #1, RFC
 * 8017 appendix A.1.2) and of elliptic curves (SEC 1, RFC 5915) only lack a frame around them, which is put there.
 */
final class PemKey {

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final byte[] VERSION_0 = {2, 1, 0};

    /** SEQUENCE { rsaEncryption, NULL } */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    /** The identifier ecPublicKey; the curve stands behind it. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemKey() {}

    static Parsed<PrivateKey> read(String text) {
        for (String form : List.of(PKCS8, PKCS1, SEC1)) {
            byte[] content = content(text, form);
            if (content != null) {
                return read(form, content);
            }
        }
        return new Parsed.Bad<>(
                "",
                text.contains("ENCRYPTED")
                        ? "holds an encrypted key, which is not supported yet"
                        : "holds no private key in PEM");
    }

    private static Parsed<PrivateKey> read(String form, byte[] content) {
        byte[] framed = switch (form) {
            case PKCS1 -> sequence(VERSION_0, RSA, tagged(4, content));
            case SEC1 -> {
                byte[] curve = curve(content);
                yield curve == null ? content : sequence(VERSION_0, sequence(EC, curve), tagged(4, content));
            }
            default -> content;
        };
        for (String algorithm : ALGORITHMS) {
            try {
                return new Parsed.Ok<>(
                        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(framed)));
            } catch (GeneralSecurityException other) {
                // Not of this kind; the next may fit.
            }
        }
        return new Parsed.Bad<>("", "holds a private key that cannot be read; known are " + ALGORITHMS);
    }

    private static byte @Nullable [] content(String text, String form) {
        String begin = "-----BEGIN " + form + "-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END " + form + "-----");
        if (start < 0 || end < start || text.substring(start, end).contains("ENCRYPTED")) {
            return null;
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
        } catch (IllegalArgumentException broken) {
            return new byte[0];
        }
    }

    /** The object identifier in the field tagged 0 of an ECPrivateKey. */
    private static byte @Nullable [] curve(byte[] key) {
        for (int i = 0; i + 4 < key.length; i++) {
            boolean tagged = (key[i] & 0xff) == 0xa0 && key[i + 2] == 6;
            if (tagged && key[i + 1] == key[i + 3] + 2 && i + 2 + key[i + 1] <= key.length) {
                byte[] found = new byte[key[i + 1]];
                System.arraycopy(key, i + 2, found, 0, found.length);
                return found;
            }
        }
        return null;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tagged(0x30, all.toByteArray());
    }

    /** DER: tag, length, content. */
    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
