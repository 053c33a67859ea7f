package dev.perimeter.controlplane.contract;

/**
 * Who a proxy says it is: {@code sidecar~shop/payment-v1-0}, {@code gateway~shop/gateway} or
 * {@code proxyless~shop/anything}. It is the {@code node.id} of its bootstrap.
 *
 * @param role what the proxy is for
 * @param namespace the Kubernetes namespace
 * @param name the pod (sidecar), the Gateway (gateway) or any name (proxyless)
 */
public record NodeId(Role role, String namespace, String name) {
    private static final String FORM =
            "must look like sidecar~<namespace>/<pod>, gateway~<namespace>/<gateway> or proxyless~<namespace>/<name>";

    /** What a proxy is for. */
    public enum Role {
        /** Beside one workload, for what comes to it and what it calls. */
        SIDECAR,
        /** At the door of the mesh. */
        GATEWAY,
        /** A client that speaks xDS itself, such as gRPC's. */
        PROXYLESS;

        /** The word in the id. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Either a node id or the sentence that says why it is none. */
    public sealed interface Parsed {}

    /** The text is a node id. */
    public record Known(NodeId id) implements Parsed {}

    /** The text is no node id; the sentence is fit for an operator. */
    public record Unknown(String sentence) implements Parsed {}

    /** Reads {@code text}; never throws. */
    public static Parsed parse(String text) {
        int tilde = text.indexOf('~');
        int slash = text.indexOf('/', tilde + 1);
        if (tilde < 0 || slash < 0) {
            return new Unknown("node.id \"" + text + "\" " + FORM + ".");
        }
        String namespace = text.substring(tilde + 1, slash);
        String name = text.substring(slash + 1);
        if (namespace.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
            return new Unknown("node.id \"" + text + "\" " + FORM + ".");
        }
        String word = text.substring(0, tilde);
        for (Role role : Role.values()) {
            if (role.word().equals(word)) {
                return new Known(new NodeId(role, namespace, name));
            }
        }
        return new Unknown("node.id \"" + text + "\" has the unknown role \"" + word
                + "\"; the roles are sidecar, gateway and proxyless.");
    }

    /** The form {@link #parse} reads. */
    @Override
    public String toString() {
        return role.word() + "~" + namespace + "/" + name;
    }
}
