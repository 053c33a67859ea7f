package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.tls.PeerCertificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One {@code %OPERATOR%}: takes its value out of a journal. The table below is the list of those we know. */
sealed interface CommandOperator {

    /** As it stands inside other text; null when there is no value. */
    @Nullable
    String text(Journal journal);

    void json(Journal journal, LineBuffer out);

    byte[] NULL = {'n', 'u', 'l', 'l'};

    /** The operators without an argument, by Envoy's names. */
    Map<String, CommandOperator> PLAIN = new TreeMap<>(Map.ofEntries(
            Map.entry("START_TIME", new Moment()),
            Map.entry("PROTOCOL", new Text(j -> j.request == null ? null : j.request.protocol())),
            Map.entry(
                    "RESPONSE_CODE", new Number(j -> j.request == null && j.status == 0 ? Journal.UNKNOWN : j.status)),
            Map.entry("RESPONSE_CODE_DETAILS", new Text(j -> j.details)),
            Map.entry("RESPONSE_FLAGS", new Text(j -> flags(j.flags))),
            Map.entry("BYTES_RECEIVED", new Number(j -> j.received)),
            Map.entry("BYTES_SENT", new Number(j -> j.sent)),
            Map.entry("DURATION", new Number(j -> millis(j, j.ended))),
            Map.entry("REQUEST_DURATION", new Number(j -> millis(j, j.requestEnded))),
            Map.entry("RESPONSE_DURATION", new Number(j -> millis(j, j.responseBegan))),
            Map.entry("UPSTREAM_REQUEST_ATTEMPT_COUNT", new Number(j -> j.attempts)),
            Map.entry("ROUTE_NAME", new Text(j -> j.route)),
            Map.entry("UPSTREAM_CLUSTER", new Text(j -> j.cluster)),
            Map.entry("UPSTREAM_HOST", new Text(j -> j.upstreamHost)),
            Map.entry("UPSTREAM_LOCAL_ADDRESS", new Text(j -> j.upstreamLocal)),
            Map.entry("UPSTREAM_TRANSPORT_FAILURE_REASON", new Text(j -> j.transportFailure)),
            Map.entry("DOWNSTREAM_REMOTE_ADDRESS", new Text(j -> j.downstreamRemote)),
            Map.entry("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", new Text(j -> withoutPort(j.downstreamRemote))),
            Map.entry("DOWNSTREAM_LOCAL_ADDRESS", new Text(j -> j.downstreamLocal)),
            Map.entry("GRPC_STATUS", new Text(GrpcStatusOperator::name)),
            Map.entry("GRPC_STATUS_NUMBER", new Number(GrpcStatusOperator::number)),
            Map.entry("REQUESTED_SERVER_NAME", new Text(j -> j.serverName)),
            Map.entry("DOWNSTREAM_TLS_VERSION", new Text(j -> j.tls == null ? null : j.tls.version())),
            Map.entry("DOWNSTREAM_TLS_CIPHER", new Text(j -> j.tls == null ? null : j.tls.cipher())),
            Map.entry("DOWNSTREAM_PEER_URI_SAN", peer(p -> joined(p.uriSans()))),
            Map.entry("DOWNSTREAM_PEER_DNS_SAN", peer(p -> joined(p.dnsSans()))),
            Map.entry("DOWNSTREAM_PEER_SUBJECT", peer(PeerCertificate::subject)),
            Map.entry("DOWNSTREAM_PEER_ISSUER", peer(PeerCertificate::issuer)),
            Map.entry("DOWNSTREAM_PEER_SERIAL", peer(PeerCertificate::serial)),
            Map.entry("DOWNSTREAM_PEER_FINGERPRINT_256", peer(PeerCertificate::sha256)),
            Map.entry("CONNECTION_ID", new Number(j -> j.connection)),
            Map.entry("LOCAL_REPLY_BODY", new Text(j -> j.replyBody))));

    /** The operators that name a header: {@code %REQ(NAME)%}, {@code %RESP(NAME)%}, {@code %TRAILER(NAME)%}. */
    static @Nullable CommandOperator header(String operator, String name) {
        return switch (operator) {
            case "REQ" -> new Text(request(name));
            case "RESP" ->
                new Text(j -> j.response == null ? null : j.response.headers().get(name));
            case "TRAILER" -> new Text(j -> j.trailers == null ? null : j.trailers.get(name));
            default -> null;
        };
    }

    private static Function<Journal, @Nullable String> request(String name) {
        return switch (name.toUpperCase(java.util.Locale.ROOT)) {
            case ":METHOD" -> of(RequestHead::method);
            case ":AUTHORITY", "HOST" -> of(RequestHead::authority);
            case ":PATH" -> of(RequestHead::path);
            case ":SCHEME" -> of(RequestHead::scheme);
            default ->
                of(head -> {
                    Headers headers = head.headers();
                    return headers.get(name);
                });
        };
    }

    private static Text peer(Function<PeerCertificate, @Nullable String> part) {
        return new Text(journal -> {
            PeerCertificate peer = journal.tls == null ? null : journal.tls.peer();
            return peer == null ? null : part.apply(peer);
        });
    }

    private static @Nullable String joined(List<String> names) {
        return names.isEmpty() ? null : String.join(",", names);
    }

    private static Function<Journal, @Nullable String> of(Function<RequestHead, @Nullable String> part) {
        return journal -> {
            RequestHead head = journal.request;
            return head == null ? null : part.apply(head);
        };
    }

    private static long millis(Journal journal, long moment) {
        return moment == Journal.UNKNOWN ? Journal.UNKNOWN : (moment - journal.started) / 1_000_000;
    }

    private static @Nullable String flags(int bits) {
        if (bits == 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (ResponseFlag flag : ResponseFlag.values()) {
            if ((bits & flag.bit()) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(flag.code());
            }
        }
        return text.toString();
    }

    private static String withoutPort(String address) {
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    record Text(Function<Journal, @Nullable String> value) implements CommandOperator {
        @Override
        public @Nullable String text(Journal journal) {
            return value.apply(journal);
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            String text = value.apply(journal);
            if (text == null) {
                out.raw(NULL);
                return;
            }
            out.raw('"');
            out.escaped(text);
            out.raw('"');
        }
    }

    record Number(ToLongFunction<Journal> value) implements CommandOperator {
        @Override
        public @Nullable String text(Journal journal) {
            long number = value.applyAsLong(journal);
            return number == Journal.UNKNOWN ? null : Long.toString(number);
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            long number = value.applyAsLong(journal);
            if (number == Journal.UNKNOWN) {
                out.raw(NULL);
            } else {
                out.number(number);
            }
        }
    }

    record Moment() implements CommandOperator {
        @Override
        public String text(Journal journal) {
            return java.time.Instant.ofEpochMilli(journal.startedMillis).toString();
        }

        @Override
        public void json(Journal journal, LineBuffer out) {
            out.raw('"');
            out.timestamp(journal.startedMillis);
            out.raw('"');
        }
    }
}
