package dev.perimeter.gateway.filters;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.controlplane.contract.filters.http.body_limit.v1.BodyLimit;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose body is longer than the door lets in, with 413 (RFC 9110 section 15.5.14). A length that is told
 * beforehand is judged before a byte is forwarded; any other body is counted while it streams by, and nothing is kept.
 */
final class BodyLimitFilter implements FilterKind, Documented {

    /** @param maxRequestBytes 0 lets only requests without a body in */
    private record Config(long maxRequestBytes) {

        private static final FieldList FIELDS =
                FieldList.of(BodyLimit::getDescriptor).honoured(BodyLimit.MAX_REQUEST_BYTES_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            ByteString bytes = ByteString.copyFrom(typedConfig);
            Refusal refusal = FIELDS.check(bytes, harmless -> {});
            if (refusal != null) {
                return new Parsed.Bad<>(refusal.path(), refusal.reason());
            }
            try {
                BodyLimit message = BodyLimit.parseFrom(bytes);
                if (!message.hasMaxRequestBytes()) {
                    return new Parsed.Bad<>("max_request_bytes", "must be set");
                }
                long most = message.getMaxRequestBytes().getValue();
                return most < 0
                        ? new Parsed.Bad<>("max_request_bytes", Long.toUnsignedString(most) + " is more than any body")
                        : new Parsed.Ok<>(new Config(most));
            } catch (InvalidProtocolBufferException malformed) {
                return new Parsed.Bad<>("", "is not a valid message: " + malformed.getMessage());
            }
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/perimeter.filters.http.body_limit.v1.BodyLimit";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> () -> new Counter(config));
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }

    /** Counts the body of one request. */
    private static final class Counter implements HttpFilter {

        private final Config config;
        private long received;

        Counter(Config config) {
            this.config = config;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return exceeds(head.headers().get("content-length")) ? tooLarge() : Verdict.NEXT;
        }

        @Override
        public Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            received += data.readableBytes();
            return received > config.maxRequestBytes ? tooLarge() : Verdict.NEXT;
        }

        /** The codec has let only digits through, but as many as the sender liked. */
        private boolean exceeds(@Nullable String contentLength) {
            if (contentLength == null) {
                return false;
            }
            long length = 0;
            for (int i = 0; i < contentLength.length(); i++) {
                int digit = Character.digit(contentLength.charAt(i), 10);
                if (digit >= 0) {
                    length = Math.min(length, Long.MAX_VALUE / 10 - 10) * 10 + digit;
                }
                if (length > config.maxRequestBytes) {
                    return true;
                }
            }
            return false;
        }

        private Verdict tooLarge() {
            return new Verdict.Reply(new Failure.Refused(
                    413,
                    "request_payload_too_large",
                    "the request body is longer than " + config.maxRequestBytes + " bytes",
                    null));
        }
    }
}
