package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.GrpcReply;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.base64.Base64;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets a browser speak gRPC: turns gRPC-Web, binary or text, into gRPC and the answer back, its trailers as the last frame
 * of the body (Envoy's grpc_web; the protocol is PROTOCOL-WEB.md of gRPC). Whom a browser may ask is the cors filter's
 * business.
 */
final class GrpcWebFilter implements FilterKind, Documented {

    /** There is nothing to say. */
    private record Config() {

        private static final FieldList FIELDS = FieldList.of(GrpcWeb::getDescriptor);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, GrpcWeb.parser(), FIELDS, (message, field) -> new Config());
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> Bridge::new);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }

    /** One call. */
    private static final class Bridge implements HttpFilter {

        private static final String WEB = "application/grpc-web";
        private static final String TEXT = "application/grpc-web-text";
        private static final int TRAILERS_FLAG = 0x80;
        /** It goes into a header. */
        private static final int MOST_OF_A_MESSAGE = 4096;

        private boolean web;
        private boolean textRequest;
        private boolean textResponse;
        private boolean translated;
        private @Nullable ByteBuf half;
        private @Nullable ResponseHead foreign;
        private byte[] message = {};

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            Headers headers = head.headers();
            String type = headers.get("content-type");
            if (type == null || !is(type, WEB)) {
                return Verdict.NEXT;
            }
            web = true;
            textRequest = is(type, TEXT);
            String accept = headers.get("accept");
            textResponse = accept == null ? textRequest : is(accept, TEXT);
            // What the body is made of stays: +proto, +json.
            int plus = type.indexOf('+');
            headers.set("content-type", plus < 0 ? "application/grpc" : "application/grpc" + type.substring(plus));
            headers.set("te", "trailers");
            headers.set("grpc-accept-encoding", "identity");
            headers.remove("content-length");
            return Verdict.NEXT;
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            if (!textRequest) {
                return Verdict.NEXT;
            }
            ByteBuf text = half == null ? data.retain() : Unpooled.wrappedBuffer(half, data.retain());
            half = null;
            int whole = text.readableBytes() - text.readableBytes() % 4;
            try {
                if (endOfStream && whole < text.readableBytes()) {
                    return refusal("grpc_base_64_decode_failed_bad_size");
                }
                ByteBuf decoded = decoded(text, whole);
                if (decoded == null) {
                    return refusal("grpc_base_64_decode_failed");
                }
                if (whole < text.readableBytes()) {
                    half = text.copy(text.readerIndex() + whole, text.readableBytes() - whole);
                }
                return new Verdict.Replace(decoded);
            } finally {
                text.release();
            }
        }

        /** Segments may each end in padding, so quads are decoded up to one that does, then on. Null for what is not Base64. */
        private static @Nullable ByteBuf decoded(ByteBuf text, int length) {
            ByteBuf out = text.alloc().buffer(length / 4 * 3 + 3);
            int end = text.readerIndex() + length;
            int from = text.readerIndex();
            while (from < end) {
                int padding = text.indexOf(from, end, (byte) '=');
                int until = padding < 0 ? end : Math.min(end, padding + 4 - (padding - text.readerIndex()) % 4);
                ByteBuf part;
                try {
                    part = Base64.decode(text, from, until - from);
                } catch (IllegalArgumentException notBase64) {
                    out.release();
                    return null;
                }
                out.writeBytes(part);
                part.release();
                from = until;
            }
            return out;
        }

        private static Verdict refusal(String details) {
            return new Verdict.Reply(
                    new Failure.Refused(400, details, "Bad gRPC-web request, invalid base64 data.", null));
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            Headers headers = head.headers();
            String type = headers.get("content-type");
            if (!web) {
                return Verdict.NEXT;
            }
            if (type == null || !is(type, "application/grpc")) {
                foreign = head;
                if (endOfStream) {
                    outcome(head);
                    return Verdict.NEXT;
                }
                return Verdict.HOLD;
            }
            translated = true;
            int plus = type.indexOf('+');
            String format = plus < 0 ? "+proto" : type.substring(plus);
            headers.set("content-type", (textResponse ? TEXT : WEB) + format);
            headers.remove("content-length");
            headers.remove("trailer");
            return Verdict.NEXT;
        }

        /**
         * An answer that is not gRPC, as the outcome of a call: its status in gRPC's terms beside the one it had, its text as
         * the message.
         */
        private void outcome(ResponseHead head) {
            Headers headers = head.headers();
            headers.set("content-type", (textResponse ? TEXT : WEB) + "+proto");
            headers.set("content-length", "0");
            headers.remove("content-encoding");
            headers.set("grpc-status", Integer.toString(GrpcReply.ofHttp(head.status())));
            if (message.length > 0) {
                headers.set("grpc-message", GrpcReply.encoded(message));
            }
            foreign = null;
        }

        private void gather(ByteBuf data) {
            int more = Math.min(data.readableBytes(), MOST_OF_A_MESSAGE - message.length);
            if (more > 0) {
                int before = message.length;
                message = Arrays.copyOf(message, before + more);
                data.getBytes(data.readerIndex(), message, before, more);
            }
        }

        @Override
        public Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            ResponseHead held = foreign;
            if (held != null) {
                gather(data);
                if (!endOfStream) {
                    return Verdict.NOTHING;
                }
                outcome(held);
                exchange.responseFlow().resume(this, Verdict.NEXT);
                return new Verdict.Replace(Unpooled.EMPTY_BUFFER);
            }
            return translated && textResponse && data.isReadable() ? new Verdict.Replace(encoded(data)) : Verdict.NEXT;
        }

        @Override
        public Verdict onResponseTrailers(Headers trailers, Exchange exchange) {
            ResponseHead held = foreign;
            if (held != null) {
                outcome(held);
                exchange.responseFlow().resume(this, Verdict.NEXT);
                exchange.responseFlow().inject(this, Unpooled.EMPTY_BUFFER, true);
                return Verdict.NOTHING;
            }
            if (!translated) {
                return Verdict.NEXT;
            }
            ByteBuf frame = frame(trailers);
            if (textResponse) {
                ByteBuf text = encoded(frame);
                frame.release();
                frame = text;
            }
            exchange.responseFlow().inject(this, frame, true);
            return Verdict.NOTHING;
        }

        /** Each part ends in padding of its own, or the end of a message would wait for the beginning of the next. */
        private static ByteBuf encoded(ByteBuf data) {
            return Base64.encode(data, data.readerIndex(), data.readableBytes(), false);
        }

        private static ByteBuf frame(Headers trailers) {
            ByteBuf frame = Unpooled.buffer(5 + trailers.encodedLength());
            frame.writeByte(TRAILERS_FLAG).writeInt(0);
            for (int i = 0; i < trailers.size(); i++) {
                ByteBufUtil.writeAscii(frame, trailers.name(i).toLowerCase(Locale.ROOT));
                ByteBufUtil.writeAscii(frame, ":");
                ByteBufUtil.writeAscii(frame, trailers.value(i));
                ByteBufUtil.writeAscii(frame, "\r\n");
            }
            return frame.setInt(1, frame.readableBytes() - 5);
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (half != null) {
                half.release();
                half = null;
            }
        }

        /** A media type in a field, by its beginning: a suffix for the format or parameters may follow. */
        private static boolean is(String value, String type) {
            if (!value.regionMatches(true, 0, type, 0, type.length())) {
                return false;
            }
            return value.length() == type.length() || "+;, -".indexOf(value.charAt(type.length())) >= 0;
        }
    }
}
