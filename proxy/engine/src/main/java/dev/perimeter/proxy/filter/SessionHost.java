package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.balance.Pick.OverrideHost;

/** Where a filter says that a request's session lives, for the choice of its endpoint. */
public final class SessionHost {

    /** Left on the exchange before it is forwarded; without it the cluster's policy chooses. */
    public static final Attribute<OverrideHost> WANTED = new Attribute<>("session_host");

    private SessionHost() {}
}
