package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.SessionTicketKeys;
import dev.perimeter.proxy.tls.ShownCertificates;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.tls.ValidationContext;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of a data plane, one for each piece of configuration. Filled by the control thread; looked up on event
 * loops once for each connection. A context whose new certificates are bad stays as it was.
 */
public final class TlsContexts implements AutoCloseable {

    private static final int TICKET_KEY = 80;

    private final ContextBuilder builder;
    private final SecureRandom random = new SecureRandom();
    private final Map<DownstreamTls, LiveContext> servers = new ConcurrentHashMap<>();
    private final Map<UpstreamTls, LiveContext> clients = new ConcurrentHashMap<>();
    private final Map<DownstreamTls, String> ticketKeys = new ConcurrentHashMap<>();
    private Map<String, Secret> secrets = Map.of();
    private Set<Object> before = Set.of();

    /** @param jdk the JDK's TLS even where BoringSSL's library loads */
    public TlsContexts(boolean jdk) {
        builder = new ContextBuilder(jdk ? TlsLibrary.JDK : TlsLibrary.best());
    }

    /** The context for clients under this configuration; null when it is none of those in force. */
    public @Nullable LiveContext server(DownstreamTls config) {
        return servers.get(config);
    }

    /** The context for upstreams under this configuration; null when it is none of those in force. */
    public @Nullable LiveContext client(UpstreamTls config) {
        return clients.get(config);
    }

    /**
     * Builds what is new or changed. What is no longer there goes one configuration later, as requests may still be served
     * by the one before.
     *
     * @return a sentence for each context that has none or an old one now
     */
    public synchronized List<String> serve(Set<DownstreamTls> down, Set<UpstreamTls> up, Map<String, Secret> now) {
        secrets = now;
        down.forEach(config -> servers.computeIfAbsent(config, key -> new LiveContext(null)));
        up.forEach(config -> clients.computeIfAbsent(config, LiveContext::new));
        Set<Object> wanted = new java.util.HashSet<>(down);
        wanted.addAll(up);
        forget(servers, wanted);
        forget(clients, wanted);
        ticketKeys.keySet().retainAll(servers.keySet());
        before = wanted;
        return build();
    }

    /** Builds for upstreams that are looked at before their configuration is in force; what is in force stays as it is. */
    synchronized void warm(Set<UpstreamTls> up, Map<String, Secret> coming) {
        Map<String, Secret> both = new HashMap<>(coming);
        both.putAll(secrets);
        secrets = both;
        List<String> toldWhenInForce = new ArrayList<>();
        for (UpstreamTls config : up) {
            if (!clients.containsKey(config)) {
                LiveContext live = new LiveContext(config);
                clients.put(config, live);
                build(live, config.settings(), null, material -> builder.client(config, material), toldWhenInForce);
            }
        }
    }

    private <K> void forget(Map<K, LiveContext> contexts, Set<Object> wanted) {
        contexts.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey()) && !before.contains(entry.getKey());
            if (gone) {
                entry.getValue().become(null);
            }
            return gone;
        });
    }

    /** The certificates of each context that is in force. */
    public synchronized List<ShownCertificates> shown() {
        List<ShownCertificates> shown = new ArrayList<>();
        servers.forEach((config, live) -> show(config.settings(), live, shown));
        clients.forEach((config, live) -> show(config.settings(), live, shown));
        return shown;
    }

    private void show(TlsSettings settings, LiveContext live, List<ShownCertificates> into) {
        Material material = live.material;
        if (material != null && live.isReady()) {
            into.add(new Looking(settings, secrets).at(material));
        }
    }

    /** Looks at secrets and files again. @return as {@link #serve} */
    public synchronized List<String> build() {
        List<String> problems = new ArrayList<>();
        servers.forEach((config, live) -> build(
                live,
                config.settings(),
                config.ticketKeys(),
                material -> builder.server(config, material, ticketKey(config, live, material)),
                problems));
        clients.forEach((config, live) ->
                build(live, config.settings(), null, material -> builder.client(config, material), problems));
        return problems;
    }

    private interface Maker {
        Parsed<SslContext> make(Material material);
    }

    private void build(
            LiveContext live,
            TlsSettings settings,
            Secret.@Nullable Reference<SessionTicketKeys> tickets,
            Maker maker,
            List<String> problems) {
        switch (Material.of(settings, tickets, secrets)) {
            case Parsed.Bad<Material> bad -> problems.add(bad.sentence());
            case Parsed.Ok<Material>(Material material) -> {
                if (material.equals(live.material)) {
                    return;
                }
                switch (maker.make(material)) {
                    case Parsed.Bad<SslContext> bad -> problems.add(bad.sentence());
                    case Parsed.Ok<SslContext>(SslContext context) -> {
                        live.become(context);
                        live.material = material;
                    }
                }
            }
        }
    }

    /**
     * A session that is resumed skips the look at the client's certificate, so a key lives as long as what it was looked at
     * for stays the same; new certificates of our own do not end sessions.
     */
    private String ticketKey(DownstreamTls config, LiveContext live, Material next) {
        Material old = live.material;
        ValidationContext validation = old == null ? null : old.validation();
        boolean same = old != null
                && Objects.equals(validation, next.validation())
                && Objects.equals(old.trustedCa(), next.trustedCa())
                && Objects.equals(old.revoked(), next.revoked());
        String known = ticketKeys.get(config);
        if (same && known != null) {
            return known;
        }
        byte[] bytes = new byte[TICKET_KEY];
        random.nextBytes(bytes);
        String fresh = new String(bytes, StandardCharsets.ISO_8859_1);
        ticketKeys.put(config, fresh);
        return fresh;
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(live -> live.become(null));
        clients.values().forEach(live -> live.become(null));
    }
}
