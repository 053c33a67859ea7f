package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.tls.TlsConnection;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange or one TCP connection: written while it lives, read by access logs and metrics when it
 * has ended. Belongs to one event loop. Times are monotonic nanoseconds unless they say otherwise.
 */
public final class Journal {

    static final long UNKNOWN = Long.MIN_VALUE;

    final long startedMillis;
    final long started;
    final long connection;
    String downstreamRemote;
    final String downstreamLocal;
    String downstreamDirect;

    @Nullable
    RequestHead request;

    @Nullable
    ResponseHead response;

    @Nullable
    Headers trailers;

    @Nullable
    String details;

    @Nullable
    String replyBody;

    @Nullable
    String route;

    @Nullable
    String cluster;

    @Nullable
    String upstreamHost;

    @Nullable
    String upstreamLocal;

    @Nullable
    String transportFailure;

    @Nullable
    TlsConnection tls;

    @Nullable
    String serverName;

    int status;
    int flags;
    int attempts;
    long received;
    long sent;
    long requestEnded = UNKNOWN;
    long responseBegan = UNKNOWN;
    long ended = UNKNOWN;

    /** @param connection number of the downstream connection within this process */
    public Journal(long startedMillis, long started, long connection, String downstreamRemote, String downstreamLocal) {
        this.startedMillis = startedMillis;
        this.started = started;
        this.connection = connection;
        this.downstreamRemote = downstreamRemote;
        this.downstreamLocal = downstreamLocal;
        this.downstreamDirect = downstreamRemote;
    }

    /** For a copy of the request, of which nothing is logged. */
    public Journal forCopy() {
        return new Journal(startedMillis, started, connection, downstreamRemote, downstreamLocal);
    }

    /** @param connection null for one without TLS @param name the client asked for, or null */
    public void secured(@Nullable TlsConnection connection, @Nullable String name) {
        tls = connection;
        serverName = name;
    }

    /** The other end of the socket, where a relay says that the client is another. */
    public void relayedBy(String address) {
        downstreamDirect = address;
    }

    /** The client is this one, which a proxy before named; its port is not known. */
    public void from(String address) {
        downstreamRemote = (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":0";
    }

    public void request(RequestHead head) {
        request = head;
    }

    public void route(String name) {
        route = name.isEmpty() ? null : name;
    }

    /** The cluster was chosen. */
    public void cluster(String name) {
        cluster = name;
    }

    /** The request, or the connection, goes to this endpoint now; counts as an attempt. */
    public void attempt(String endpoint) {
        attempts++;
        upstreamHost = endpoint;
        upstreamLocal = null;
    }

    public void connected(String local) {
        upstreamLocal = local;
    }

    /** Of several attempts that ran at once, this one answers. */
    public void answeredBy(String endpoint, String local) {
        upstreamHost = endpoint;
        upstreamLocal = local;
    }

    /** Why no connection came about, in the words of the transport. */
    public void transportFailure(String why) {
        transportFailure = why;
    }

    /** The time of day at that moment of the clock, in milliseconds. */
    public long millisAt(long now) {
        return startedMillis + (now - started) / 1_000_000;
    }

    public void requestEnded(long now) {
        requestEnded = now;
    }

    /** Nanoseconds since the request had come whole; negative if it has not. */
    public long sinceRequest(long now) {
        return requestEnded == UNKNOWN ? -1 : now - requestEnded;
    }

    public void responseBegan(long now) {
        responseBegan = now;
    }

    public void answer(ResponseHead head, String why) {
        response = head;
        status = head.status();
        details = why;
    }

    /** What came behind the answer's content. */
    public void trailers(Headers fields) {
        trailers = fields;
    }

    /** The text of a reply made here, for {@code %LOCAL_REPLY_BODY%}. */
    public void localReply(int code, String why, String body) {
        status = code;
        details = why;
        replyBody = body;
    }

    /** What of a reply made here went out; to a gRPC call that is 200, whatever its status was before. */
    public void localHead(ResponseHead head) {
        response = head;
        status = head.status();
    }

    public void details(String why) {
        details = why;
    }

    public void flag(ResponseFlag flag) {
        flags |= flag.bit();
    }

    public void received(long bytes) {
        received += bytes;
    }

    public void sent(long bytes) {
        sent += bytes;
    }

    public void ended(long now) {
        ended = now;
    }

    /** The cluster chosen, or null. */
    public @Nullable String clusterName() {
        return cluster;
    }

    /** 0 when nothing was answered. */
    public int status() {
        return status;
    }

    public int flags() {
        return flags;
    }

    public int attempts() {
        return attempts;
    }

    /** Address and port of the endpoint that was asked last or that answers, or null. */
    public @Nullable String upstreamHost() {
        return upstreamHost;
    }

    public @Nullable RequestHead request() {
        return request;
    }

    public long started() {
        return started;
    }

    public long receivedBytes() {
        return received;
    }

    public long sentBytes() {
        return sent;
    }

    /** From the first byte of the request to the last of the response; 0 while it runs. */
    public long durationNanos() {
        return ended == UNKNOWN ? 0 : ended - started;
    }
}
