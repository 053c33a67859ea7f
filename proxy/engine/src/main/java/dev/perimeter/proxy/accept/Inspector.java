package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.snapshot.ListenerFilters.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Asks the first bytes of one connection what its listener's filters want to know, as they come. */
public final class Inspector {

    public enum Outcome {
        /** All is known that will be known. */
        DONE,
        MORE,
        /** The connection is not to be served. */
        REFUSED
    }

    private final ConnectionFacts facts;
    private @Nullable ProxyProtocol proxyProtocol;
    private boolean tls;
    private boolean http;

    public Inspector(ListenerFilters filters, ConnectionFacts facts) {
        this.facts = facts;
        this.proxyProtocol = filters.proxyProtocol();
        this.tls = filters.tls();
        this.http = filters.http();
    }

    /** Looks at all bytes that have come so far; a PROXY header is consumed, everything else is left. */
    public Outcome look(ByteBuf bytes, ChainIndex chains) {
        if (proxyProtocol != null) {
            switch (ProxyHeader.read(bytes, proxyProtocol, facts)) {
                case MORE -> {
                    return Outcome.MORE;
                }
                case BROKEN -> {
                    return Outcome.REFUSED;
                }
                case YES, NO -> proxyProtocol = null;
            }
        }
        // Asked only now: the header may have changed the addresses that say whether the bytes matter.
        if (!(tls || http) || !chains.dependsOnBytes(facts)) {
            return Outcome.DONE;
        }
        if (!bytes.isReadable()) {
            return Outcome.MORE;
        }
        if (tls) {
            Opening opening = ClientHello.read(bytes, facts);
            if (opening == Opening.MORE) {
                return Outcome.MORE;
            }
            tls = false;
            if (opening == Opening.YES) {
                return Outcome.DONE;
            }
        }
        return http && HttpOpening.read(bytes, facts) == Opening.MORE ? Outcome.MORE : Outcome.DONE;
    }
}
