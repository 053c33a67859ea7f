package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.tls.UpstreamTls;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the bytes to an endpoint pass through (Envoy: the cluster's transport_socket). */
public sealed interface UpstreamTransport {

    UpstreamTransport PLAIN = new Plain();

    int LONGEST_NAME = 253;

    /** As they are. */
    record Plain() implements UpstreamTransport {}

    record Tls(UpstreamTls config) implements UpstreamTransport {}

    /**
     * A header before all else says whose connection it is (HAProxy's PROXY protocol). A connection that many clients share
     * says that it is the proxy's own.
     *
     * @param version 1 or 2
     * @param inner what comes behind the header
     */
    record ProxyProtocol(int version, UpstreamTransport inner) implements UpstreamTransport {}

    /**
     * TLS that asks for a name of the request (Envoy: auto_sni) or of the endpoint (auto_host_sni) instead of the
     * configuration's.
     *
     * @param name a DNS name in lower case, or an address, which is not sent but may be looked for in the certificate
     */
    record Named(UpstreamTls config, String name) implements UpstreamTransport {}

    /**
     * Each endpoint has its own (Envoy: the cluster's transport_socket_matches).
     *
     * @param choices the first that fits an endpoint counts
     * @param otherwise for those that none fits
     */
    record ByEndpoint(List<Choice> choices, UpstreamTransport otherwise) implements UpstreamTransport {}

    /** @param wanted what the endpoint's metadata must hold, under {@code envoy.transport_socket_match} */
    record Choice(Map<String, Object> wanted, UpstreamTransport transport) {

        boolean fits(Endpoint endpoint) {
            return endpoint.transportMetadata().entrySet().containsAll(wanted.entrySet());
        }
    }

    /** What this endpoint is spoken to through. */
    default UpstreamTransport at(Endpoint endpoint) {
        return switch (this) {
            case ByEndpoint(List<Choice> choices, UpstreamTransport otherwise) -> {
                for (Choice choice : choices) {
                    if (choice.fits(endpoint)) {
                        yield choice.transport().at(endpoint);
                    }
                }
                yield otherwise.at(endpoint);
            }
            case ProxyProtocol(int version, UpstreamTransport inner) -> {
                UpstreamTransport there = inner.at(endpoint);
                yield there.equals(inner) ? this : new ProxyProtocol(version, there);
            }
            case Tls(UpstreamTls config)
            when config.sniIsHost() && isSendable(endpoint.hostname()) ->
                new Named(config, endpoint.hostname().toLowerCase(Locale.ROOT));
            default -> this;
        };
    }

    /** RFC 6066 section 3, with the underscores that names inside have. */
    private static boolean isSendable(String name) {
        boolean possible = !name.isEmpty() && name.length() <= LONGEST_NAME && !name.endsWith(".");
        for (int i = 0; possible && i < name.length(); i++) {
            char c = name.charAt(i);
            possible = c < 0x80 && Character.isLetterOrDigit(c) || "-._:".indexOf(c) >= 0;
        }
        return possible;
    }

    /** The same for requests to that name. */
    default UpstreamTransport named(String name) {
        return switch (this) {
            case Tls(UpstreamTls config) -> new Named(config, name);
            case Named(UpstreamTls config, String ofHost) -> new Named(config, name);
            case ProxyProtocol(int version, UpstreamTransport inner) -> new ProxyProtocol(version, inner.named(name));
            default -> this;
        };
    }

    /** The TLS that is spoken, behind whatever header; null for none, or where that depends on the endpoint. */
    default @Nullable UpstreamTls tls() {
        return switch (this) {
            case Plain() -> null;
            case Tls(UpstreamTls config) -> config;
            case Named(UpstreamTls config, String name) -> config;
            case ProxyProtocol(int version, UpstreamTransport inner) -> inner.tls();
            case ByEndpoint(List<Choice> choices, UpstreamTransport otherwise) -> null;
        };
    }

    /** The name to ask for, or null for the configuration's. */
    default @Nullable String serverName() {
        return switch (this) {
            case Named(UpstreamTls config, String name) -> name;
            case ProxyProtocol(int version, UpstreamTransport inner) -> inner.serverName();
            default -> null;
        };
    }

    /** All that may be spoken. */
    default Stream<UpstreamTls> everyTls() {
        if (this instanceof ByEndpoint(List<Choice> choices, UpstreamTransport otherwise)) {
            return Stream.concat(
                    choices.stream().flatMap(choice -> choice.transport().everyTls()), otherwise.everyTls());
        }
        return Stream.ofNullable(tls());
    }
}
