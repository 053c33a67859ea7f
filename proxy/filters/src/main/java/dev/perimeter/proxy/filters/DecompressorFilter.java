package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.Toggle;
import dev.perimeter.proxy.filters.gzip.GzipReader;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.gzip.decompressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.CommonDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.RequestDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.ResponseDirectionConfig;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks requests and responses that come in gzip, for peers that cannot (Envoy's decompressor). A little that stands for
 * much is unpacked only as fast as it is taken, and given up when it stands for too much.
 */
final class DecompressorFilter implements FilterKind, Documented {

    private record Direction(boolean enabled, boolean ignoreNoTransform) {}

    /** @param maxRatio how many times longer the content may be than what it comes in */
    private record Config(int maxRatio, Direction request, Direction response, boolean advertise) {

        private static final int USUAL_RATIO = 100;

        /** The JDK's inflate reads every window, and pieces have a size of their own. */
        private static final FieldList GZIP = FieldList.of(Gzip::getDescriptor)
                .honoured(Gzip.MAX_INFLATE_RATIO_FIELD_NUMBER)
                .harmless(Gzip.WINDOW_BITS_FIELD_NUMBER, Gzip.CHUNK_SIZE_FIELD_NUMBER);

        private static final FieldList COMMON = FieldList.of(CommonDirectionConfig::getDescriptor)
                .inside(CommonDirectionConfig.ENABLED_FIELD_NUMBER, Toggle.FIELDS)
                .honoured(CommonDirectionConfig.IGNORE_NO_TRANSFORM_HEADER_FIELD_NUMBER);

        private static final FieldList FIELDS = FieldList.of(Decompressor::getDescriptor)
                .inside(
                        Decompressor.DECOMPRESSOR_LIBRARY_FIELD_NUMBER,
                        FieldList.of(TypedExtensionConfig::getDescriptor)
                                .honoured(TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER)
                                .harmless(TypedExtensionConfig.NAME_FIELD_NUMBER))
                .inside(
                        Decompressor.REQUEST_DIRECTION_CONFIG_FIELD_NUMBER,
                        FieldList.of(RequestDirectionConfig::getDescriptor)
                                .inside(RequestDirectionConfig.COMMON_CONFIG_FIELD_NUMBER, COMMON)
                                .honoured(RequestDirectionConfig.ADVERTISE_ACCEPT_ENCODING_FIELD_NUMBER))
                .inside(
                        Decompressor.RESPONSE_DIRECTION_CONFIG_FIELD_NUMBER,
                        FieldList.of(ResponseDirectionConfig::getDescriptor)
                                .inside(ResponseDirectionConfig.COMMON_CONFIG_FIELD_NUMBER, COMMON));

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, Decompressor.parser(), FIELDS, (message, field) -> {
                Gzip gzip = gzip(
                        message.getDecompressorLibrary(),
                        field.in("decompressor_library").in("typed_config"));
                RequestDirectionConfig request = message.getRequestDirectionConfig();
                long ratio = gzip.hasMaxInflateRatio()
                        ? field.in("decompressor_library.typed_config.max_inflate_ratio")
                                .between(1, 1032, gzip.getMaxInflateRatio().getValue())
                        : USUAL_RATIO;
                return new Config(
                        (int) ratio,
                        direction(request.getCommonConfig()),
                        direction(message.getResponseDirectionConfig().getCommonConfig()),
                        !request.hasAdvertiseAcceptEncoding()
                                || request.getAdvertiseAcceptEncoding().getValue());
            });
        }

        private static Gzip gzip(TypedExtensionConfig library, Field field) {
            String url = library.getTypedConfig().getTypeUrl();
            if (!url.equals("type.googleapis.com/envoy.extensions.compression.gzip.decompressor.v3.Gzip")) {
                field.refuse(url.isEmpty() ? "is missing" : "no library here is `" + url + "`; there is gzip");
                return Gzip.getDefaultInstance();
            }
            Gzip gzip = field.unpack(library.getTypedConfig().getValue(), Gzip.parser(), GZIP);
            return gzip == null ? Gzip.getDefaultInstance() : gzip;
        }

        private static Direction direction(CommonDirectionConfig common) {
            return new Direction(
                    Toggle.on(common.hasEnabled(), common.getEnabled()), common.getIgnoreNoTransformHeader());
        }
    }

    /** What is counted (Envoy: decompressor statistics). */
    private enum Counter implements Metric {
        DECOMPRESSED("Messages unpacked."),
        DECOMPRESSION_FAILED("Messages given up, since they were not gzip or too much of it.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }
    }

    private record Factory(Config config, @Nullable Scope<Counter> counters) implements FilterFactory {
        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(
                    config,
                    setup.metrics()
                            .filter(
                                    "envoy_http_decompressor_gzip_",
                                    Counter.values(),
                                    "envoy_http_conn_manager_prefix",
                                    setup.statPrefix()));
        }

        @Override
        public HttpFilter create() {
            return new Decompression(this);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.decompressor.v3.Decompressor";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> new Factory(config, null));
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS, Config.GZIP);
    }

    /** One exchange. */
    private static final class Decompression implements HttpFilter {

        private static final String CODINGS = "content-encoding";

        private final Factory factory;
        private @Nullable GzipReader request;
        private @Nullable GzipReader response;

        Decompression(Factory factory) {
            this.factory = factory;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            Config config = factory.config;
            if (config.advertise && config.response.enabled) {
                String before = head.headers().get("accept-encoding");
                head.headers().set("accept-encoding", before == null ? "gzip" : before + ",gzip");
            }
            if (!endOfStream && begins(head.headers(), config.request)) {
                request = start(exchange);
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return request == null ? Verdict.NEXT : unpacked(request, data, endOfStream, exchange);
        }

        @Override
        public Verdict onRequestTrailers(Headers trailers, Exchange exchange) {
            return request == null || request.complete() ? Verdict.NEXT : failed("it ends too early", exchange);
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            if (!endOfStream && begins(head.headers(), factory.config.response)) {
                response = start(exchange);
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return response == null ? Verdict.NEXT : unpacked(response, data, endOfStream, exchange);
        }

        @Override
        public Verdict onResponseTrailers(Headers trailers, Exchange exchange) {
            return response == null || response.complete() ? Verdict.NEXT : failed("it ends too early", exchange);
        }

        private GzipReader start(Exchange exchange) {
            count(Counter.DECOMPRESSED, exchange);
            return new GzipReader(factory.config.maxRatio);
        }

        /** Takes the outermost coding off the list: the last one, as they stand in the order of their making (RFC 9110 section 8.4). */
        private static boolean begins(Headers headers, Direction direction) {
            String codings = headers.get(CODINGS);
            if (!direction.enabled
                    || codings == null
                    || headers.indexOf(CODINGS, headers.indexOf(CODINGS, 0) + 1) >= 0) {
                return false;
            }
            String control = headers.get("cache-control");
            if (!direction.ignoreNoTransform
                    && control != null
                    && control.toLowerCase(Locale.ROOT).contains("no-transform")) {
                return false;
            }
            int comma = codings.lastIndexOf(',');
            String last = codings.substring(comma + 1).trim();
            if (!last.equalsIgnoreCase("gzip") && !last.equalsIgnoreCase("x-gzip")) {
                return false;
            }
            headers.remove(CODINGS);
            headers.remove("content-length");
            if (comma > 0) {
                headers.add(CODINGS, codings.substring(0, comma).trim());
            }
            return true;
        }

        private Verdict unpacked(GzipReader reader, ByteBuf data, boolean endOfStream, Exchange exchange) {
            ByteBuf out = reader.read(data, data.alloc());
            String failure = reader.failure();
            boolean more = data.isReadable() || reader.holdsBack();
            if (failure == null && endOfStream && !more && !reader.complete()) {
                failure = "it ends too early";
            }
            if (failure != null) {
                out.release();
                return failed(failure, exchange);
            }
            return more ? new Verdict.More(out) : new Verdict.Replace(out);
        }

        private Verdict failed(String why, Exchange exchange) {
            count(Counter.DECOMPRESSION_FAILED, exchange);
            return new Verdict.Reply(
                    new Failure.Refused(400, "decompression_failed", "the content is not what it says: " + why, null));
        }

        private void count(Counter counter, Exchange exchange) {
            if (factory.counters != null) {
                factory.counters.on(exchange.loopNumber()).increment(counter);
            }
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (request != null) {
                request.close();
                request = null;
            }
            if (response != null) {
                response.close();
                response = null;
            }
        }
    }
}
