package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the whole request before the upstream hears of it, and refuses one that is too long with 413 (Envoy's buffer).
 * Spares an upstream the slow clients; a limit alone, without keeping anything, is what the gateway's body_limit is for.
 */
final class BufferFilter implements FilterKind, Documented {

    private static final String PER_ROUTE =
            "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute";
    private static final HttpFilter NOTHING = new HttpFilter() {};

    /** @param maxRequestBytes 1 or more */
    private record Config(long maxRequestBytes) {

        private static final FieldList FIELDS =
                FieldList.of(Buffer::getDescriptor).honoured(Buffer.MAX_REQUEST_BYTES_FIELD_NUMBER);

        private static final FieldList ROUTE = FieldList.of(BufferPerRoute::getDescriptor)
                .honoured(BufferPerRoute.DISABLED_FIELD_NUMBER)
                .inside(BufferPerRoute.BUFFER_FIELD_NUMBER, FIELDS);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, Buffer.parser(), FIELDS, Config::of);
        }

        private static Config of(Buffer message, Field field) {
            if (!message.hasMaxRequestBytes()) {
                field.in("max_request_bytes").refuse("must be set");
            }
            // A buffer is one array in memory.
            long most = Integer.toUnsignedLong(message.getMaxRequestBytes().getValue());
            return new Config(field.in("max_request_bytes").between(1, Integer.MAX_VALUE - 8, most));
        }

        static Parsed<RouteOverride> forRoute(ByteBuffer typedConfig) {
            return Field.read(typedConfig, BufferPerRoute.parser(), ROUTE, (message, field) -> {
                if (message.hasBuffer()) {
                    FilterFactory own = factory(of(message.getBuffer(), field.in("buffer")));
                    return before -> own;
                }
                if (!message.getDisabled()) {
                    field.refuse("needs `disabled: true` or a buffer");
                }
                return before -> () -> NOTHING;
            });
        }

        private static FilterFactory factory(Config config) {
            return () -> new Collector(config.maxRequestBytes);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer";
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
        return List.of(Config.FIELDS, Config.ROUTE);
    }

    /**
     * Collects one request. The bytes are copied: a client that sends one at a time would otherwise hold a read buffer for
     * each, and the limit would say little about memory.
     */
    private static final class Collector implements HttpFilter {

        private final long most;
        private @Nullable RequestHead held;
        private @Nullable ByteBuf body;

        Collector(long most) {
            this.most = most;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            if (endOfStream) {
                return Verdict.NEXT;
            }
            if (declared(head.headers()) > most) {
                return tooLarge();
            }
            held = head;
            return Verdict.HOLD;
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            RequestHead head = held;
            if (head == null) {
                return Verdict.NEXT;
            }
            ByteBuf all = body == null ? data.alloc().buffer(data.readableBytes()) : body;
            body = all;
            if (all.readableBytes() + (long) data.readableBytes() > most) {
                return tooLarge();
            }
            all.writeBytes(data, data.readerIndex(), data.readableBytes());
            if (!endOfStream) {
                return Verdict.NOTHING;
            }
            if (!head.headers().contains("content-length")) {
                head.headers().add("content-length", Integer.toString(all.readableBytes()));
            }
            body = null;
            held = null;
            exchange.requestFlow().resume(this, Verdict.NEXT);
            return new Verdict.Replace(all);
        }

        @Override
        public Verdict onRequestTrailers(Headers trailers, Exchange exchange) {
            if (held != null) {
                ByteBuf all = body;
                body = null;
                held = null;
                exchange.requestFlow().resume(this, Verdict.NEXT);
                if (all != null) {
                    exchange.requestFlow().inject(this, all, false);
                }
            }
            return Verdict.NEXT;
        }

        @Override
        public void onComplete(Exchange exchange) {
            held = null;
            if (body != null) {
                body.release();
                body = null;
            }
        }

        /** The codec let only digits through, but as many as the sender liked. */
        private static long declared(Headers headers) {
            String length = headers.get("content-length");
            return length == null ? 0 : length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
        }

        private static Verdict tooLarge() {
            return new Verdict.Reply(new Failure.Refused(413, "request_payload_too_large", "Payload Too Large", null));
        }
    }
}
