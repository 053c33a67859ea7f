package dev.perimeter.proxy.failure;

/** Why a reply is not simply the upstream's: Envoy's response flags, as {@code %RESPONSE_FLAGS%} writes them. */
public enum ResponseFlag {
    NO_ROUTE("NR", "NoRouteFound"),
    NO_CLUSTER("NC", "NoClusterFound"),
    NO_HEALTHY_UPSTREAM("UH", "NoHealthyUpstream"),
    UPSTREAM_CONNECT_FAILURE("UF", "UpstreamConnectionFailure"),
    UPSTREAM_OVERFLOW("UO", "UpstreamOverflow"),
    UPSTREAM_TIMEOUT("UT", "UpstreamRequestTimeout"),
    UPSTREAM_CLOSED("UC", "UpstreamConnectionTermination"),
    UPSTREAM_RESET("UR", "UpstreamRemoteReset"),
    UPSTREAM_PROTOCOL_ERROR("UPE", "UpstreamProtocolError"),
    DOWNSTREAM_CLOSED("DC", "DownstreamConnectionTermination"),
    DOWNSTREAM_PROTOCOL_ERROR("DPE", "DownstreamProtocolError"),
    DURATION_TIMEOUT("DT", "DurationTimeout"),
    STREAM_IDLE_TIMEOUT("SI", "StreamIdleTimeout"),
    RATE_LIMITED("RL", "RateLimited"),
    UNAUTHORIZED("UAEX", "UnauthorizedExternalService"),
    RETRY_LIMIT_EXCEEDED("URX", "UpstreamRetryLimitExceeded"),
    LOCAL_RESET("LR", "LocalReset"),
    DELAY_INJECTED("DI", "DelayInjected"),
    FAULT_INJECTED("FI", "FaultInjected"),
    OVERLOADED("OM", "OverloadManagerTerminated");

    private final String code;
    private final String longName;

    ResponseFlag(String code, String longName) {
        this.code = code;
        this.longName = longName;
    }

    /** The short form, two or more letters. */
    public String code() {
        return code;
    }

    /** As {@code %RESPONSE_FLAGS_LONG%} writes it. */
    public String longName() {
        return longName;
    }

    /** This flag alone as a set of bits; a set of flags is the sum of its members' bits. */
    public int bit() {
        return 1 << ordinal();
    }
}
