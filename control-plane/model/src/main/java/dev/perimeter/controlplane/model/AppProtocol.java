package dev.perimeter.controlplane.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is spoken on a port: Kubernetes' {@code appProtocol}. A port that does not say is relayed byte by byte,
 * the one treatment that is right for any protocol.
 */
public enum AppProtocol {
    /** HTTP/1.1 in the clear. */
    HTTP("http"),
    /** HTTP/2 in the clear with prior knowledge, which is how gRPC is spoken inside a cluster. */
    H2C("kubernetes.io/h2c"),
    /** Anything else over TCP. */
    TCP("tcp");

    private final String word;

    AppProtocol(String word) {
        this.word = word;
    }

    /** Whether requests can be told apart, so that routes can be chosen for each. */
    public boolean isHttp() {
        return this != TCP;
    }

    /** The word in a resource file. */
    public String word() {
        return word;
    }

    /** The protocol with that word. */
    public static Optional<AppProtocol> of(String word) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.word.equals(word))
                .findFirst();
    }
}
