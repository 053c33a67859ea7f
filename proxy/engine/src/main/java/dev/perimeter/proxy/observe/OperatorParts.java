package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.observe.CommandOperator.Text;
import dev.perimeter.proxy.tls.PeerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What several operators take from a journal in the same way. */
final class OperatorParts {

    private OperatorParts() {}

    static Text peer(Function<PeerCertificate, @Nullable String> part) {
        return new Text(journal -> {
            PeerCertificate peer = journal.tls == null ? null : journal.tls.peer();
            return peer == null ? null : part.apply(peer);
        });
    }

    /** Of the certificate that this proxy showed. */
    static Text own(Function<PeerCertificate, @Nullable String> part) {
        return new Text(journal -> {
            PeerCertificate own = journal.tls == null ? null : journal.tls.local();
            return own == null ? null : part.apply(own);
        });
    }

    static @Nullable String joined(List<String> names) {
        return names.isEmpty() ? null : String.join(",", names);
    }

    static long millis(Journal journal, long moment) {
        return moment == Journal.UNKNOWN ? Journal.UNKNOWN : (moment - journal.started) / 1_000_000;
    }

    /** From the upstream's first byte to the last that went to the client. */
    static long sending(Journal journal) {
        return journal.responseBegan == Journal.UNKNOWN || journal.ended == Journal.UNKNOWN
                ? Journal.UNKNOWN
                : (journal.ended - journal.responseBegan) / 1_000_000;
    }

    /** A log line is written when the exchange is over; what is written before then is written now. */
    static long emitted(Journal journal) {
        return journal.ended == Journal.UNKNOWN ? System.currentTimeMillis() : journal.millisAt(journal.ended);
    }

    static @Nullable String flags(int bits) {
        if (bits == 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (ResponseFlag flag : ResponseFlag.values()) {
            if ((bits & flag.bit()) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(flag.code());
            }
        }
        return text.toString();
    }

    static @Nullable String longFlags(int bits) {
        if (bits == 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (ResponseFlag flag : ResponseFlag.values()) {
            if ((bits & flag.bit()) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(flag.longName());
            }
        }
        return text.toString();
    }

    /** Only an endpoint to which there is a connection is the other end of one. */
    static @Nullable String upstreamRemote(Journal journal) {
        return journal.upstreamLocal == null ? null : journal.upstreamHost;
    }

    /** An address without its port, and without the brackets of IPv6. */
    static @Nullable String address(@Nullable String withPort) {
        int colon = withPort == null ? -1 : withPort.lastIndexOf(':');
        if (withPort == null || colon < 0) {
            return null;
        }
        boolean brackets = withPort.charAt(0) == '[' && colon > 1;
        return brackets ? withPort.substring(1, colon - 1) : withPort.substring(0, colon);
    }

    static long port(@Nullable String withPort) {
        int colon = withPort == null ? -1 : withPort.lastIndexOf(':');
        if (withPort == null || colon < 0) {
            return Journal.UNKNOWN;
        }
        long port = 0;
        for (int i = colon + 1; i < withPort.length(); i++) {
            int digit = withPort.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Journal.UNKNOWN;
            }
            port = port * 10 + digit;
        }
        return port;
    }

    /** Read once for each format, from the kernel: a name service might be slow to say who we are. */
    static Function<Journal, @Nullable String> hostname() {
        String name = System.getenv("HOSTNAME");
        try {
            name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            // The shell's word for it stands.
        }
        String known = name;
        return journal -> known;
    }
}
