package dev.perimeter.controlplane.contract;

/** Keys of the {@code metadata} a proxy sends with its node, set in its bootstrap. */
public final class MetadataKey {
    /** How the application's connections reach the proxy: {@link #EXPLICIT} or {@link #REDIRECT}. */
    public static final String INTERCEPTION = "INTERCEPTION";

    /** Value of {@link #INTERCEPTION}: the application is configured to use a proxy. */
    public static final String EXPLICIT = "explicit";

    /** Value of {@link #INTERCEPTION}: redirect rules bring the connections, the application knows nothing. */
    public static final String REDIRECT = "redirect";

    /** The address the application behind a sidecar listens on, without a port. */
    public static final String APP_ADDRESS = "APP_ADDRESS";

    /** The address the pod is known by to others, which is where its sidecar listens. */
    public static final String POD_IP = "POD_IP";

    /** The pod's labels, a struct of strings. */
    public static final String LABELS = "LABELS";

    private MetadataKey() {}
}
