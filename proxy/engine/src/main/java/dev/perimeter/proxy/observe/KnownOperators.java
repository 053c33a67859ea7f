package dev.perimeter.proxy.observe;

import static dev.perimeter.proxy.observe.OperatorParts.address;
import static dev.perimeter.proxy.observe.OperatorParts.flags;
import static dev.perimeter.proxy.observe.OperatorParts.joined;
import static dev.perimeter.proxy.observe.OperatorParts.longFlags;
import static dev.perimeter.proxy.observe.OperatorParts.millis;
import static dev.perimeter.proxy.observe.OperatorParts.own;
import static dev.perimeter.proxy.observe.OperatorParts.peer;
import static dev.perimeter.proxy.observe.OperatorParts.port;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.CommandOperator.Moment;
import dev.perimeter.proxy.observe.CommandOperator.Number;
import dev.perimeter.proxy.observe.CommandOperator.Text;
import dev.perimeter.proxy.tls.PeerCertificate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operators we know, by Envoy's names
 * (https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/advanced/substitution_formatter). One that we could only
 * answer with a guess is not among them.
 */
final class KnownOperators {

    private static final ZoneId UTC = ZoneId.of("UTC");

    /** Those without an argument. */
    static final Map<String, CommandOperator> PLAIN = new TreeMap<>(Map.ofEntries(
            Map.entry("START_TIME", new Moment(j -> j.startedMillis)),
            Map.entry("EMIT_TIME", new Moment(OperatorParts::emitted)),
            Map.entry("PROTOCOL", new Text(j -> j.request == null ? null : j.request.protocol())),
            Map.entry(
                    "RESPONSE_CODE", new Number(j -> j.request == null && j.status == 0 ? Journal.UNKNOWN : j.status)),
            Map.entry("RESPONSE_CODE_DETAILS", new Text(j -> j.details)),
            Map.entry("RESPONSE_FLAGS", new Text(j -> flags(j.flags))),
            Map.entry("RESPONSE_FLAGS_LONG", new Text(j -> longFlags(j.flags))),
            Map.entry("BYTES_RECEIVED", new Number(j -> j.received)),
            Map.entry("BYTES_SENT", new Number(j -> j.sent)),
            Map.entry("DURATION", new Number(j -> millis(j, j.ended))),
            Map.entry("REQUEST_DURATION", new Number(j -> millis(j, j.requestEnded))),
            Map.entry("RESPONSE_DURATION", new Number(j -> millis(j, j.responseBegan))),
            Map.entry("RESPONSE_TX_DURATION", new Number(OperatorParts::sending)),
            Map.entry("UPSTREAM_REQUEST_ATTEMPT_COUNT", new Number(j -> j.attempts)),
            Map.entry("ROUTE_NAME", new Text(j -> j.route)),
            // Virtual clusters are statistics of a route's own, which are not kept here.
            Map.entry("VIRTUAL_CLUSTER_NAME", new Text(j -> null)),
            // What ends a connection below HTTP leaves no exchange to speak of it.
            Map.entry("CONNECTION_TERMINATION_DETAILS", new Text(j -> null)),
            Map.entry("HOSTNAME", new Text(OperatorParts.hostname())),
            Map.entry("UPSTREAM_CLUSTER", new Text(j -> j.cluster)),
            Map.entry("UPSTREAM_CLUSTER_RAW", new Text(j -> j.cluster)),
            Map.entry("UPSTREAM_HOST", new Text(j -> j.upstreamHost)),
            Map.entry("UPSTREAM_REMOTE_ADDRESS", new Text(OperatorParts::upstreamRemote)),
            Map.entry("UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", new Text(j -> address(OperatorParts.upstreamRemote(j)))),
            Map.entry("UPSTREAM_REMOTE_PORT", new Number(j -> port(OperatorParts.upstreamRemote(j)))),
            Map.entry("UPSTREAM_LOCAL_ADDRESS", new Text(j -> j.upstreamLocal)),
            Map.entry("UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", new Text(j -> address(j.upstreamLocal))),
            Map.entry("UPSTREAM_LOCAL_PORT", new Number(j -> port(j.upstreamLocal))),
            Map.entry("UPSTREAM_TRANSPORT_FAILURE_REASON", new Text(j -> j.transportFailure)),
            Map.entry("DOWNSTREAM_REMOTE_ADDRESS", new Text(j -> j.downstreamRemote)),
            Map.entry("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", new Text(j -> address(j.downstreamRemote))),
            Map.entry("DOWNSTREAM_REMOTE_PORT", new Number(j -> port(j.downstreamRemote))),
            Map.entry("DOWNSTREAM_DIRECT_REMOTE_ADDRESS", new Text(j -> j.downstreamDirect)),
            Map.entry("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", new Text(j -> address(j.downstreamDirect))),
            Map.entry("DOWNSTREAM_DIRECT_REMOTE_PORT", new Number(j -> port(j.downstreamDirect))),
            Map.entry("DOWNSTREAM_LOCAL_ADDRESS", new Text(j -> j.downstreamLocal)),
            Map.entry("DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", new Text(j -> address(j.downstreamLocal))),
            Map.entry("DOWNSTREAM_LOCAL_PORT", new Number(j -> port(j.downstreamLocal))),
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
            Map.entry("DOWNSTREAM_LOCAL_URI_SAN", own(p -> joined(p.uriSans()))),
            Map.entry("DOWNSTREAM_LOCAL_DNS_SAN", own(p -> joined(p.dnsSans()))),
            Map.entry("DOWNSTREAM_LOCAL_SUBJECT", own(PeerCertificate::subject)),
            Map.entry("CONNECTION_ID", new Number(j -> j.connection)),
            Map.entry("STREAM_ID", header("x-request-id")),
            Map.entry("LOCAL_REPLY_BODY", new Text(j -> j.replyBody))));

    private static final String WITH_ARGUMENT = "REQ(name), RESP(name), TRAILER(name), START_TIME(layout),"
            + " START_TIME_LOCAL(layout), EMIT_TIME(layout), EMIT_TIME_LOCAL(layout), GRPC_STATUS(form),"
            + " ENVIRONMENT(name)";

    private KnownOperators() {}

    /** @param argument what stood in parentheses, or null */
    static Parsed<CommandOperator> find(String name, @Nullable String argument) {
        return switch (name) {
            case "START_TIME" -> time(name, argument, UTC, j -> j.startedMillis);
            case "EMIT_TIME" -> time(name, argument, UTC, OperatorParts::emitted);
            case "START_TIME_LOCAL" -> time(name, argument, ZoneId.systemDefault(), j -> j.startedMillis);
            case "EMIT_TIME_LOCAL" -> time(name, argument, ZoneId.systemDefault(), OperatorParts::emitted);
            case "REQ", "REQUEST_HEADER" -> named(name, argument, KnownOperators::header);
            case "RESP", "RESPONSE_HEADER" -> named(name, argument, KnownOperators::responseHeader);
            case "TRAILER", "RESPONSE_TRAILER" -> named(name, argument, KnownOperators::trailer);
            case "ENVIRONMENT" -> {
                String value = argument == null ? null : System.getenv(argument);
                yield argument == null ? unknown(name, null) : new Parsed.Ok<>(new Text(j -> value));
            }
            case "GRPC_STATUS" ->
                switch (argument == null ? "CAMEL_STRING" : argument) {
                    case "CAMEL_STRING" -> new Parsed.Ok<>(new Text(GrpcStatusOperator::name));
                    case "SNAKE_STRING" -> new Parsed.Ok<>(new Text(GrpcStatusOperator::constant));
                    case "NUMBER" -> new Parsed.Ok<>(new Number(GrpcStatusOperator::number));
                    default -> unknown(name, argument);
                };
            default -> {
                // Our details never hold spaces, so to allow them changes nothing.
                boolean bare = argument == null
                        || (name.equals("RESPONSE_CODE_DETAILS") && argument.equals("ALLOW_WHITESPACES"));
                CommandOperator plain = bare ? PLAIN.get(name) : null;
                yield plain == null ? unknown(name, argument) : new Parsed.Ok<>(plain);
            }
        };
    }

    static Parsed<CommandOperator> unknown(String name, @Nullable String argument) {
        return new Parsed.Bad<>(
                "",
                "%" + name + (argument == null ? "" : "(" + argument + ")") + "% is not a known operator; known are "
                        + WITH_ARGUMENT + ", " + String.join(", ", PLAIN.keySet()));
    }

    private static Parsed<CommandOperator> time(
            String name, @Nullable String layout, ZoneId zone, java.util.function.ToLongFunction<Journal> moment) {
        if (layout != null && !layout.isEmpty()) {
            return TimeLayout.parse(layout, zone, moment);
        }
        CommandOperator plain = PLAIN.get(name);
        return plain == null ? TimeLayout.parse("%FT%E3S%z", zone, moment) : new Parsed.Ok<>(plain);
    }

    /** A header, or another in its absence: {@code X-A?X-B}. */
    private static Parsed<CommandOperator> named(
            String operator, @Nullable String argument, Function<String, CommandOperator> of) {
        if (argument == null || argument.isEmpty()) {
            return unknown(operator, argument);
        }
        String[] names = argument.split("\\?", 2);
        CommandOperator first = of.apply(names[0]);
        if (names.length == 1) {
            return new Parsed.Ok<>(first);
        }
        CommandOperator second = of.apply(names[1]);
        return new Parsed.Ok<>(new Text(journal -> {
            String value = first.text(journal);
            return value == null ? second.text(journal) : value;
        }));
    }

    private static CommandOperator responseHeader(String name) {
        if (name.equalsIgnoreCase(":status")) {
            return new Text(j -> j.response == null ? null : Integer.toString(j.response.status()));
        }
        return new Text(j -> j.response == null ? null : j.response.headers().get(name));
    }

    private static CommandOperator trailer(String name) {
        return new Text(j -> j.trailers == null ? null : j.trailers.get(name));
    }

    private static CommandOperator header(String name) {
        return new Text(
                switch (name.toUpperCase(Locale.ROOT)) {
                    case ":METHOD" -> of(RequestHead::method);
                    case ":AUTHORITY", "HOST" -> of(RequestHead::authority);
                    case ":PATH" -> of(RequestHead::path);
                    case ":SCHEME" -> of(RequestHead::scheme);
                    default ->
                        of(head -> {
                            Headers headers = head.headers();
                            return headers.get(name);
                        });
                });
    }

    private static Function<Journal, @Nullable String> of(Function<RequestHead, @Nullable String> part) {
        return journal -> {
            RequestHead head = journal.request;
            return head == null ? null : part.apply(head);
        };
    }
}
