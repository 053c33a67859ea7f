package dev.perimeter.proxy.snapshot;

/**
 * What the upstream is told of the client's certificate, in {@code x-forwarded-client-cert}; the modes and details are
 * Envoy's (forward_client_cert_details, set_current_client_cert_details).
 */
public record ClientCertForwarding(Mode mode, Details details) {

    /** Envoy's default. */
    public static final ClientCertForwarding SANITIZE = new ClientCertForwarding(Mode.SANITIZE, Details.NONE);

    public enum Mode {
        /** What came is dropped and nothing is said. */
        SANITIZE,
        /** What came goes on, from clients that showed a certificate. */
        FORWARD_ONLY,
        /** As {@link #FORWARD_ONLY}, and the client's certificate is added. */
        APPEND_FORWARD,
        /** The client's certificate in place of what came. */
        SANITIZE_SET,
        /** What came goes on, whoever sent it. */
        ALWAYS_FORWARD_ONLY
    }

    /**
     * What is said of a certificate besides its hash.
     *
     * @param cert the whole of it
     * @param chain with those that came with it
     */
    public record Details(boolean cert, boolean chain, boolean subject, boolean uri, boolean dns) {

        public static final Details NONE = new Details(false, false, false, false, false);
    }
}
