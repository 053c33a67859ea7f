package dev.perimeter.proxy.sidecar.story;

import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A server of HTTP/1.1 over the JDK's TLS that answers with what it saw: the name that it was asked for, the certificate
 * that it was shown, and the request's head in lower case.
 */
final class TellingUpstream implements AutoCloseable {

    private final SSLServerSocket server;

    TellingUpstream(TestCa ca, Issued own) {
        try {
            server = (SSLServerSocket) ca.context(own)
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException busy) {
            throw new UncheckedIOException(busy);
        }
        SSLParameters parameters = server.getSSLParameters();
        parameters.setWantClientAuth(true);
        server.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(SSLSocket socket) {
        try (socket) {
            String head = head(socket.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            String body = "sni=" + name(socket) + "\npeer=" + peer(socket) + "\n" + head;
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            // A peer that does not like the certificate, or the end of the test.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString().replace("\r", "").toLowerCase(java.util.Locale.ROOT);
    }

    private static String name(SSLSocket socket) {
        for (var name : ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return "none";
    }

    private static String peer(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException nobody) {
            return "none";
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException ignored) {
            // Closed is closed.
        }
    }
}
