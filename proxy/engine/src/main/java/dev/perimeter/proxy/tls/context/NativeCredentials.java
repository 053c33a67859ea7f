package dev.perimeter.proxy.tls.context;

import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * Certificates with their keys as BoringSSL keeps them, outside the heap; {@link #run} lets them go. Netty has credentials
 * as well, but lets none join a handshake that has begun.
 *
 * @param addresses one for each identity; empty when all keys are of one kind, so that there is nothing to offer
 */
record NativeCredentials(long[] addresses) implements Runnable {

    /** @throws IllegalArgumentException with what the library does not take */
    static NativeCredentials of(List<Identity> identities) {
        if (identities.stream().map(Identity::kind).distinct().count() < 2) {
            return new NativeCredentials(new long[0]);
        }
        NativeCredentials made = new NativeCredentials(new long[identities.size()]);
        try {
            for (int i = 0; i < identities.size(); i++) {
                made.addresses[i] = SSLCredential.newX509();
                fill(made.addresses[i], identities.get(i));
            }
            return made;
        } catch (Exception refused) {
            made.run();
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }

    @Override
    public void run() {
        for (long address : addresses) {
            if (address != 0) {
                try {
                    SSLCredential.free(address);
                } catch (Exception impossible) {
                    throw new IllegalStateException("freeing native memory", impossible);
                }
            }
        }
    }

    private static void fill(long credential, Identity identity) throws Exception {
        long key = parsed(pem("PRIVATE KEY", identity.key().getEncoded()), bio -> SSL.parsePrivateKey(bio, null));
        try {
            SSLCredential.setPrivateKey(credential, key);
        } finally {
            SSL.freePrivateKey(key);
        }
        long chain = parsed(chain(identity.chain()), SSL::parseX509Chain);
        try {
            SSLCredential.setCertChain(credential, chain);
        } finally {
            SSL.freeX509Chain(chain);
        }
    }

    private static String chain(List<X509Certificate> certificates) throws CertificateEncodingException {
        StringBuilder all = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            all.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return all.toString();
    }

    private static String pem(String form, byte[] content) {
        return "-----BEGIN " + form + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + form
                + "-----\n";
    }

    private interface Parser {
        long parse(long bio) throws Exception;
    }

    private static long parsed(String text, Parser parser) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        long bio = SSL.newMemBIO();
        try {
            SSL.bioWrite(bio, Buffer.address(direct), bytes.length);
            long found = parser.parse(bio);
            if (found == 0) {
                throw new IllegalArgumentException("a certificate or key cannot be read");
            }
            return found;
        } finally {
            SSL.freeBIO(bio);
            // The collector may take its time with what may be a private key.
            direct.clear().put(new byte[bytes.length]);
        }
    }
}
