package dev.perimeter.benchmarks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Relays every path to the upstream of the benchmarks, on one event loop, with an access log and metrics. */
public final class VertxPeer {

    private VertxPeer() {}

    public static void main(String[] args) {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(1)
                        .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
                .build();
        var client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(64));
        HttpProxy proxy =
                HttpProxy.reverseProxy(client).origin(8080, "127.251.3.1").addInterceptor(new AccessLog());
        vertx.createHttpServer()
                .requestHandler(proxy)
                .listen(8080, "127.251.8.1")
                .onFailure(cause -> {
                    System.err.println(cause);
                    System.exit(1);
                });
    }

    /** One JSON line a request, written in blocks as the other subjects write theirs. */
    private static final class AccessLog implements ProxyInterceptor {

        private final BufferedWriter out = new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), 32 * 1024);

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            context.set("start", System.nanoTime());
            return context.sendRequest();
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            var request = context.request().proxiedRequest();
            JsonObject line = new JsonObject()
                    .put("time", Instant.now().toString())
                    .put("request_id", request.getHeader("x-request-id"))
                    .put("method", request.method().name())
                    .put("authority", String.valueOf(request.authority()))
                    .put("path", request.uri())
                    .put("protocol", request.version().name())
                    .put("status", context.response().getStatusCode())
                    .put("duration_ms", (System.nanoTime() - context.get("start", Long.class)) / 1_000_000)
                    .put("downstream_remote", String.valueOf(request.remoteAddress()))
                    .put("downstream_local", String.valueOf(request.localAddress()));
            try {
                out.write(line.encode());
                out.newLine();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return context.sendResponse();
        }
    }
}
