package dev.perimeter.proxy.filters;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.Pick.OverrideHost;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.filter.SessionHost;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.session.SessionState;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client on the endpoint that answered it first (Envoy's stateful_session): the client carries the endpoint's address
 * in a cookie or a header, so the proxies share nothing. Which endpoints there are, and which are well, has the last word.
 */
final class StatefulSessionFilter implements FilterKind, Documented {

    private static final String PER_ROUTE =
            "type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute";
    private static final String BY_COOKIE =
            "type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState";
    private static final String BY_HEADER =
            "type.googleapis.com/envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState";
    private static final HttpFilter NOTHING = new HttpFilter() {};

    /** @param state null to do nothing @param strict whether no other endpoint will do */
    private record Config(@Nullable SessionState state, boolean strict) {

        private static final FieldList STATE = FieldList.of(TypedExtensionConfig::getDescriptor)
                .honoured(TypedExtensionConfig.NAME_FIELD_NUMBER, TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER);

        private static final FieldList FIELDS = FieldList.of(StatefulSession::getDescriptor)
                .honoured(StatefulSession.STRICT_FIELD_NUMBER)
                .inside(StatefulSession.SESSION_STATE_FIELD_NUMBER, STATE);

        private static final FieldList ROUTE = FieldList.of(StatefulSessionPerRoute::getDescriptor)
                .honoured(StatefulSessionPerRoute.DISABLED_FIELD_NUMBER)
                .inside(StatefulSessionPerRoute.STATEFUL_SESSION_FIELD_NUMBER, FIELDS);

        private static final FieldList COOKIE = FieldList.of(CookieBasedSessionState::getDescriptor)
                .inside(
                        CookieBasedSessionState.COOKIE_FIELD_NUMBER,
                        FieldList.of(Cookie::getDescriptor)
                                .honoured(Cookie.NAME_FIELD_NUMBER, Cookie.PATH_FIELD_NUMBER, Cookie.TTL_FIELD_NUMBER));

        private static final FieldList HEADER = FieldList.of(HeaderBasedSessionState::getDescriptor)
                .honoured(HeaderBasedSessionState.NAME_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, StatefulSession.parser(), FIELDS, Config::of);
        }

        private static Config of(StatefulSession message, Field field) {
            return new Config(
                    message.hasSessionState()
                            ? state(
                                    message.getSessionState().getTypedConfig(),
                                    field.in("session_state").in("typed_config"))
                            : null,
                    message.getStrict());
        }

        private static @Nullable SessionState state(Any config, Field field) {
            return switch (config.getTypeUrl()) {
                case BY_COOKIE -> {
                    CookieBasedSessionState by =
                            field.unpack(config.getValue(), CookieBasedSessionState.parser(), COOKIE);
                    yield by == null ? null : cookie(by.getCookie(), field.in("cookie"));
                }
                case BY_HEADER -> {
                    HeaderBasedSessionState by =
                            field.unpack(config.getValue(), HeaderBasedSessionState.parser(), HEADER);
                    yield by == null ? null : new SessionState.InHeader(token(by.getName(), field.in("name")));
                }
                default -> {
                    field.refuse("`" + config.getTypeUrl() + "` is not known here; known are " + BY_COOKIE + " and "
                            + BY_HEADER);
                    yield null;
                }
            };
        }

        private static SessionState cookie(Cookie cookie, Field field) {
            long ttl = cookie.getTtl().getSeconds();
            if (ttl < 0) {
                field.in("ttl").refuse(ttl + " s must not be negative");
            }
            if (!cookie.getPath().isEmpty() && !cookie.getPath().startsWith("/")) {
                field.in("path").refuse("`" + cookie.getPath() + "` must begin with a slash");
            }
            return new SessionState.InCookie(token(cookie.getName(), field.in("name")), cookie.getPath(), ttl);
        }

        /** RFC 9110 section 5.6.2. */
        private static String token(String name, Field field) {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                field.refuse("`" + name + "` is not a name");
            }
            return name;
        }

        static Parsed<RouteOverride> forRoute(ByteBuffer typedConfig) {
            return Field.read(typedConfig, StatefulSessionPerRoute.parser(), ROUTE, (message, field) -> {
                if (message.hasStatefulSession()) {
                    FilterFactory own = factory(of(message.getStatefulSession(), field.in("stateful_session")));
                    return before -> own;
                }
                if (!message.getDisabled()) {
                    field.refuse("needs `disabled: true` or a stateful_session");
                }
                return before -> () -> NOTHING;
            });
        }

        private static FilterFactory factory(Config config) {
            SessionState state = config.state;
            return state == null ? () -> NOTHING : () -> new Keeper(state, config.strict);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSession";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(Config::factory);
    }

    @Override
    public List<String> routeTypeUrls() {
        return List.of(PER_ROUTE);
    }

    @Override
    public Parsed<RouteOverride> parseForRoute(String typeUrl, ByteBuffer typedConfig) {
        return Config.forRoute(typedConfig);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS, Config.COOKIE, Config.HEADER, Config.ROUTE);
    }

    /** Keeps the session of one request. */
    private static final class Keeper implements HttpFilter {

        private final SessionState state;
        private final boolean strict;
        private @Nullable String wanted;
        private String path = "";

        Keeper(SessionState state, boolean strict) {
            this.state = state;
            this.strict = strict;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            path = head.path();
            wanted = state.read(head, System.currentTimeMillis() / 1000);
            InetSocketAddress address = wanted == null ? null : SessionState.address(wanted);
            if (address != null) {
                exchange.put(SessionHost.WANTED, new OverrideHost(address, strict));
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            String host = exchange.upstreamHost();
            if (host != null && !host.equals(wanted)) {
                state.write(host, path, head.headers(), System.currentTimeMillis() / 1000);
            }
            return Verdict.NEXT;
        }
    }
}
