package dev.perimeter.proxy.filters;

import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.Toggle;
import dev.perimeter.proxy.filters.gzip.AcceptEncoding;
import dev.perimeter.proxy.filters.gzip.Eligible;
import dev.perimeter.proxy.filters.gzip.GzipWriter;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.CommonDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.RequestDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.ResponseDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorOverrides;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.ResponseDirectionOverrides;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses responses for clients that accept gzip, and requests if it is told to (Envoy's compressor). Sends each part on
 * as it comes, so a stream stays one.
 */
final class CompressorFilter implements FilterKind, Documented {

    /** @param uncompressible statuses whose content stays as it is */
    private record Config(
            int level,
            int strategy,
            Eligible request,
            Eligible response,
            boolean disableOnEtag,
            boolean removeAcceptEncoding,
            Set<Integer> uncompressible) {

        /** The JDK's deflate has one window and one memory level; the output is right for every reader all the same. */
        private static final FieldList GZIP = FieldList.of(Gzip::getDescriptor)
                .honoured(Gzip.COMPRESSION_LEVEL_FIELD_NUMBER, Gzip.COMPRESSION_STRATEGY_FIELD_NUMBER)
                .harmless(Gzip.MEMORY_LEVEL_FIELD_NUMBER, Gzip.WINDOW_BITS_FIELD_NUMBER, Gzip.CHUNK_SIZE_FIELD_NUMBER);

        private static final FieldList LIBRARY = FieldList.of(TypedExtensionConfig::getDescriptor)
                .honoured(TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER)
                .harmless(TypedExtensionConfig.NAME_FIELD_NUMBER);

        private static final FieldList COMMON = FieldList.of(CommonDirectionConfig::getDescriptor)
                .inside(CommonDirectionConfig.ENABLED_FIELD_NUMBER, Toggle.FIELDS)
                .honoured(
                        CommonDirectionConfig.MIN_CONTENT_LENGTH_FIELD_NUMBER,
                        CommonDirectionConfig.CONTENT_TYPE_FIELD_NUMBER);

        private static final FieldList FIELDS = FieldList.of(Compressor::getDescriptor)
                .inside(Compressor.COMPRESSOR_LIBRARY_FIELD_NUMBER, LIBRARY)
                .inside(
                        Compressor.REQUEST_DIRECTION_CONFIG_FIELD_NUMBER,
                        FieldList.of(RequestDirectionConfig::getDescriptor)
                                .inside(RequestDirectionConfig.COMMON_CONFIG_FIELD_NUMBER, COMMON))
                .inside(
                        Compressor.RESPONSE_DIRECTION_CONFIG_FIELD_NUMBER,
                        FieldList.of(ResponseDirectionConfig::getDescriptor)
                                .inside(ResponseDirectionConfig.COMMON_CONFIG_FIELD_NUMBER, COMMON)
                                .honoured(
                                        ResponseDirectionConfig.DISABLE_ON_ETAG_HEADER_FIELD_NUMBER,
                                        ResponseDirectionConfig.REMOVE_ACCEPT_ENCODING_HEADER_FIELD_NUMBER,
                                        ResponseDirectionConfig.UNCOMPRESSIBLE_RESPONSE_CODES_FIELD_NUMBER))
                // Among several compressors; there is one coding here, so whichever comes first does the same.
                .harmless(Compressor.CHOOSE_FIRST_FIELD_NUMBER);

        private static final FieldList ROUTE = FieldList.of(CompressorPerRoute::getDescriptor)
                .honoured(CompressorPerRoute.DISABLED_FIELD_NUMBER)
                .inside(
                        CompressorPerRoute.OVERRIDES_FIELD_NUMBER,
                        FieldList.of(CompressorOverrides::getDescriptor)
                                .inside(
                                        CompressorOverrides.RESPONSE_DIRECTION_CONFIG_FIELD_NUMBER,
                                        FieldList.of(ResponseDirectionOverrides::getDescriptor)
                                                .honoured(
                                                        ResponseDirectionOverrides
                                                                .REMOVE_ACCEPT_ENCODING_HEADER_FIELD_NUMBER)));

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, Compressor.parser(), FIELDS, Config::of);
        }

        private static Config of(Compressor message, Field field) {
            ResponseDirectionConfig response = message.getResponseDirectionConfig();
            Gzip gzip = gzip(
                    message.getCompressorLibrary(),
                    field.in("compressor_library").in("typed_config"));
            Set<Integer> statuses = new HashSet<>();
            for (int i = 0; i < response.getUncompressibleResponseCodesCount(); i++) {
                statuses.add((int) field.in("response_direction_config")
                        .in("uncompressible_response_codes", i)
                        .between(200, 599, response.getUncompressibleResponseCodes(i)));
            }
            boolean requests = message.hasRequestDirectionConfig();
            return new Config(
                    gzip.getCompressionLevelValue() == 0
                            ? Deflater.DEFAULT_COMPRESSION
                            : (int) field.between(1, 9, gzip.getCompressionLevelValue()),
                    strategy(gzip, field.in("compressor_library.typed_config.compression_strategy")),
                    direction(message.getRequestDirectionConfig().getCommonConfig(), requests),
                    direction(response.getCommonConfig(), true),
                    response.getDisableOnEtagHeader(),
                    response.getRemoveAcceptEncodingHeader(),
                    Set.copyOf(statuses));
        }

        private static Gzip gzip(TypedExtensionConfig library, Field field) {
            String url = library.getTypedConfig().getTypeUrl();
            if (!url.equals("type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip")) {
                field.refuse(url.isEmpty() ? "is missing" : "no library here is `" + url + "`; there is gzip");
                return Gzip.getDefaultInstance();
            }
            Gzip gzip = field.unpack(library.getTypedConfig().getValue(), Gzip.parser(), GZIP);
            return gzip == null ? Gzip.getDefaultInstance() : gzip;
        }

        private static int strategy(Gzip gzip, Field field) {
            return switch (gzip.getCompressionStrategy()) {
                case DEFAULT_STRATEGY -> Deflater.DEFAULT_STRATEGY;
                case FILTERED -> Deflater.FILTERED;
                case HUFFMAN_ONLY -> Deflater.HUFFMAN_ONLY;
                default -> {
                    field.refuse(gzip.getCompressionStrategy() + " is not known to the JDK's deflate");
                    yield Deflater.DEFAULT_STRATEGY;
                }
            };
        }

        private static Eligible direction(CommonDirectionConfig common, boolean wanted) {
            Set<String> types = new HashSet<>();
            common.getContentTypeList().forEach(type -> types.add(type.toLowerCase(Locale.ROOT)));
            UInt32Value least = common.getMinContentLength();
            return new Eligible(
                    wanted && Toggle.on(common.hasEnabled(), common.getEnabled()),
                    common.hasMinContentLength() ? Integer.toUnsignedLong(least.getValue()) : Eligible.SHORTEST,
                    types.isEmpty() ? Eligible.TYPES : Set.copyOf(types));
        }

        static Parsed<RouteOverride> forRoute(ByteBuffer typedConfig) {
            return Field.read(typedConfig, CompressorPerRoute.parser(), ROUTE, (message, field) -> {
                if (message.getDisabled()) {
                    return before -> before instanceof Factory chain ? chain.with(null, true) : before;
                }
                if (!message.hasOverrides()) {
                    field.refuse("needs `disabled: true` or overrides");
                }
                ResponseDirectionOverrides own = message.getOverrides().getResponseDirectionConfig();
                Boolean remove = own.hasRemoveAcceptEncodingHeader()
                        ? own.getRemoveAcceptEncodingHeader().getValue()
                        : null;
                return before -> before instanceof Factory chain ? chain.with(remove, false) : before;
            });
        }
    }

    /** What is counted for each direction (Envoy: compressor statistics). */
    private enum Counter implements Metric {
        COMPRESSED("Messages compressed."),
        NOT_COMPRESSED("Messages left as they are."),
        TOTAL_UNCOMPRESSED_BYTES("Bytes that were compressed."),
        TOTAL_COMPRESSED_BYTES("Bytes they were compressed to.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }
    }

    /**
     * @param remove what a route says of accept-encoding, or null
     * @param off whether a route lets everything pass
     * @param requests null before it is bound, as is {@code responses}
     */
    private record Factory(
            Config config,
            @Nullable Boolean remove,
            boolean off,
            @Nullable Scope<Counter> requests,
            @Nullable Scope<Counter> responses)
            implements FilterFactory {

        Factory with(@Nullable Boolean removeHere, boolean offHere) {
            return new Factory(config, removeHere, offHere, requests, responses);
        }

        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(config, remove, off, scope(setup, "request"), scope(setup, "response"));
        }

        private static Scope<Counter> scope(FilterSetup setup, String direction) {
            return setup.metrics()
                    .filter(
                            "envoy_http_compressor_gzip_" + direction + "_",
                            Counter.values(),
                            "envoy_http_conn_manager_prefix",
                            setup.statPrefix());
        }

        boolean removesAcceptEncoding() {
            return remove == null ? config.removeAcceptEncoding : remove;
        }

        @Override
        public HttpFilter create() {
            return off ? NOTHING : new Compression(this);
        }
    }

    private static final HttpFilter NOTHING = new HttpFilter() {};

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> new Factory(config, null, false, null, null));
    }

    @Override
    public List<String> routeTypeUrls() {
        return List.of("type.googleapis.com/envoy.extensions.filters.http.compressor.v3.CompressorPerRoute");
    }

    @Override
    public Parsed<RouteOverride> parseForRoute(String typeUrl, ByteBuffer typedConfig) {
        return Config.forRoute(typedConfig);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS, Config.ROUTE, Config.GZIP);
    }

    /** One exchange; deflate costs native memory, so there is none before there is something to compress. */
    private static final class Compression implements HttpFilter {

        private final Factory factory;
        private @Nullable GzipWriter request;
        private @Nullable GzipWriter response;
        private boolean accepted;

        Compression(Factory factory) {
            this.factory = factory;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            Headers headers = head.headers();
            accepted = AcceptEncoding.prefersGzip(headers);
            if (factory.removesAcceptEncoding()) {
                headers.remove("accept-encoding");
            }
            if (!endOfStream && factory.config.request.enabled()) {
                boolean takes = factory.config.request.takes(headers);
                count(factory.requests, exchange, takes ? Counter.COMPRESSED : Counter.NOT_COMPRESSED, 1);
                if (takes) {
                    request = start(headers);
                }
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return request == null ? Verdict.NEXT : compressed(request, data, endOfStream, factory.requests, exchange);
        }

        @Override
        public Verdict onRequestTrailers(Headers trailers, Exchange exchange) {
            if (request != null) {
                exchange.requestFlow().inject(this, request.finish(ByteBufAllocator.DEFAULT), false);
            }
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            Headers headers = head.headers();
            boolean could = factory.config.response.takes(headers)
                    && !factory.config.uncompressible.contains(head.status())
                    && !(factory.config.disableOnEtag && headers.contains("etag"));
            // A range is a part of what was asked for as it is (RFC 9110 section 14.4), and an upgrade is no content.
            could = could && head.status() != 101 && !headers.contains("content-range");
            boolean takes = could && accepted && !endOfStream;
            count(factory.responses, exchange, takes ? Counter.COMPRESSED : Counter.NOT_COMPRESSED, 1);
            if (could && !Eligible.says(headers, "vary", "accept-encoding")) {
                // A cache in front has to know it even of an answer that was not compressed (RFC 9110 section 12.5.5).
                headers.add("vary", "Accept-Encoding");
            }
            if (takes) {
                strongEtag(headers);
                response = start(headers);
            }
            return Verdict.NEXT;
        }

        /** A strong validator speaks of these very bytes, which nobody will see (RFC 9110 section 8.8.3.3). */
        private static void strongEtag(Headers headers) {
            String etag = headers.get("etag");
            if (etag != null && !etag.startsWith("W/")) {
                headers.remove("etag");
            }
        }

        @Override
        public Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return response == null
                    ? Verdict.NEXT
                    : compressed(response, data, endOfStream, factory.responses, exchange);
        }

        @Override
        public Verdict onResponseTrailers(Headers trailers, Exchange exchange) {
            if (response != null) {
                exchange.responseFlow().inject(this, response.finish(ByteBufAllocator.DEFAULT), false);
            }
            return Verdict.NEXT;
        }

        private GzipWriter start(Headers headers) {
            headers.remove("content-length");
            // A length or digest of the plain content would be wrong now.
            headers.remove("content-md5");
            headers.remove("accept-ranges");
            headers.set("content-encoding", "gzip");
            return new GzipWriter(factory.config.level, factory.config.strategy);
        }

        private static Verdict compressed(
                GzipWriter writer, ByteBuf data, boolean last, @Nullable Scope<Counter> counters, Exchange exchange) {
            if (!last && !data.isReadable()) {
                return Verdict.NEXT;
            }
            ByteBuf out = writer.write(data, last, data.alloc());
            count(counters, exchange, Counter.TOTAL_UNCOMPRESSED_BYTES, data.readableBytes());
            count(counters, exchange, Counter.TOTAL_COMPRESSED_BYTES, out.readableBytes());
            return new Verdict.Replace(out);
        }

        private static void count(@Nullable Scope<Counter> scope, Exchange exchange, Counter counter, long amount) {
            if (scope != null) {
                Cells<Counter> cells = scope.on(exchange.loopNumber());
                cells.add(counter, amount);
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
