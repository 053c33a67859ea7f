package dev.perimeter.proxy.failure;

/** Why a reply is not simply the upstream's: Envoy's response flags, as {@code %RESPONSE_FLAGS%} writes them. */
public enum ResponseFlag {
    NO_ROUTE("NR"),
    NO_CLUSTER("NC"),
    NO_HEALTHY_UPSTREAM("UH"),
    UPSTREAM_CONNECT_FAILURE("UF"),
    UPSTREAM_OVERFLOW("UO"),
    UPSTREAM_TIMEOUT("UT"),
    UPSTREAM_CLOSED("UC"),
    UPSTREAM_RESET("UR"),
    UPSTREAM_PROTOCOL_ERROR("UPE"),
    DOWNSTREAM_CLOSED("DC"),
    DOWNSTREAM_PROTOCOL_ERROR("DPE"),
    DURATION_TIMEOUT("DT"),
    STREAM_IDLE_TIMEOUT("SI"),
    RATE_LIMITED("RL"),
    UNAUTHORIZED("UAEX"),
    RETRY_LIMIT_EXCEEDED("URX"),
    LOCAL_RESET("LR"),
    DELAY_INJECTED("DI"),
    FAULT_INJECTED("FI"),
    OVERLOADED("OM");

    private final String code;

    ResponseFlag(String code) {
        this.code = code;
    }

    /** The short form, two or more letters. */
    public String code() {
        return code;
    }

    /** This flag alone as a set of bits; a set of flags is the sum of its members' bits. */
    public int bit() {
        return 1 << ordinal();
    }
}
