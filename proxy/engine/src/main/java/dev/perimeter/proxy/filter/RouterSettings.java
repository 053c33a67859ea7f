package dev.perimeter.proxy.filter;

/** What the router's config says that the exchange acts upon; the router leaves it on the exchange where it is not the rule. */
public final class RouterSettings {

    /** True: no {@code x-envoy-*} header is added that the config did not ask for by name (Envoy: suppress_envoy_headers). */
    public static final Attribute<Boolean> SUPPRESS_ENVOY_HEADERS = new Attribute<>("suppress_envoy_headers");

    private RouterSettings() {}

    /** Whether {@code x-envoy-*} headers are added. */
    public static boolean marks(Exchange exchange) {
        return exchange.get(SUPPRESS_ENVOY_HEADERS) == null;
    }
}
