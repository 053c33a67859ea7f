package dev.perimeter.labs.harness.site;

/** The modules that are started as processes. */
public enum ProgramModule {
    CONTROL_PLANE("control-plane/server", "control-plane"),
    SIDECAR("proxy/sidecar", "sidecar"),
    GATEWAY("gateway/edge", "gateway"),
    ORDER_PROCESSOR("reference-services/order-processor", "order-processor"),
    PAYMENT("reference-services/payment", "payment"),
    HARNESS("labs/harness", "harness");

    private final String folder;
    private final String artifact;

    ProgramModule(String folder, String artifact) {
        this.folder = folder;
        this.artifact = artifact;
    }

    /** Its folder below the top of the clone. */
    public String folder() {
        return folder;
    }

    /** Its artifact, which is also its jar's name and, for a service, its image's. */
    public String artifact() {
        return artifact;
    }
}
