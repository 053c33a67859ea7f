package dev.perimeter.proxy.filter;

/** What the router's config says that the exchange acts upon; the router leaves it on the exchange where it is not the rule. */
public final class RouterSettings {

    /** True: no {@code x-envoy-*} header is added that the config did not ask for by name (Envoy: suppress_envoy_headers). */
    public static final Attribute<Boolean> SUPPRESS_ENVOY_HEADERS = new Attribute<>("suppress_envoy_headers");

    /** How long whoever sent the request waits for the answer, in milliseconds. */
    public static final String EXPECTED_TIMEOUT = "x-envoy-expected-rq-timeout-ms";

    /**
     * True: a request that says so in {@link #EXPECTED_TIMEOUT} takes no longer than that (Envoy:
     * respect_expected_rq_timeout).
     */
    public static final Attribute<Boolean> RESPECT_EXPECTED_TIMEOUT = new Attribute<>("respect_expected_rq_timeout");

    private RouterSettings() {}

    /** Whether {@code x-envoy-*} headers are added. */
    public static boolean marks(Exchange exchange) {
        return exchange.get(SUPPRESS_ENVOY_HEADERS) == null;
    }
}
