package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthCheck.StatusRange;
import dev.perimeter.proxy.health.Finding;
import dev.perimeter.proxy.health.probe.SocketProber.Target;
import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.route.HeaderEdit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks by an HTTP request; the status of the answer tells. */
final class HttpProbe extends ProbeSession implements ResponseHandler, ClientConnection.Owner {

    private static final String USER_AGENT = "perimeter/hc";

    private final HealthCheck.Http config;
    private final String host;
    private @Nullable ClientConnection connection;
    private Finding finding = Finding.NETWORK_FAILURE;

    HttpProbe(Target target, HealthCheck.Http config, String host) {
        super(target);
        this.config = config;
        this.host = host;
    }

    @Override
    ChannelHandler handler() {
        ClientConnection codec = Codecs.client(config.http2(), this);
        connection = codec;
        return (ChannelHandler) codec;
    }

    @Override
    boolean canAskAgain() {
        return connection != null && connection.hasRoom();
    }

    @Override
    void send() {
        Headers headers = new Headers();
        headers.add("user-agent", USER_AGENT);
        for (HeaderEdit edit : config.headers()) {
            apply(edit, headers);
        }
        RequestHead head = new RequestHead(config.method(), scheme(), host, config.path(), "HTTP/1.1", headers);
        if (connection != null) {
            var ignored = connection.send(head, true, this);
        }
    }

    private static void apply(HeaderEdit edit, Headers headers) {
        switch (edit) {
            case HeaderEdit.Remove(String name) -> headers.remove(name);
            case HeaderEdit.Set(String name, String value, boolean empty) -> headers.set(name, value);
            case HeaderEdit.Append(String name, String value, boolean empty) -> headers.add(name, value);
            case HeaderEdit.AddIfAbsent(String name, String value, boolean empty) -> {
                if (!headers.contains(name)) {
                    headers.add(name, value);
                }
            }
            case HeaderEdit.Replace(String name, String value, boolean empty) -> {
                if (headers.contains(name)) {
                    headers.set(name, value);
                }
            }
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean endOfStream) {
        boolean expected = config.expected().isEmpty() ? head.status() == 200 : holds(config.expected(), head.status());
        if (expected) {
            // Envoy's own servers and filters say so when they would rather be spared.
            finding = head.headers().contains("x-envoy-degraded") ? Finding.DEGRADED : Finding.HEALTHY;
        } else {
            finding = holds(config.retriable(), head.status()) ? Finding.RETRIABLE : Finding.UNHEALTHY;
        }
        end(endOfStream);
    }

    private static boolean holds(List<StatusRange> ranges, int status) {
        for (StatusRange range : ranges) {
            if (range.holds(status)) {
                return true;
            }
        }
        return false;
    }

    private void end(boolean endOfStream) {
        if (endOfStream) {
            done(finding);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        data.release();
        end(endOfStream);
    }

    @Override
    public void onTrailers(Headers trailers) {
        end(true);
    }

    @Override
    public void onReset(StreamReset reason) {
        done(Finding.NETWORK_FAILURE);
    }

    @Override
    public void onInformational(ResponseHead head) {}

    @Override
    public void onWritable() {}

    @Override
    public void available(ClientConnection idle) {}

    @Override
    public void closed(ClientConnection gone) {}
}
