package dev.perimeter.proxy.sidecar;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Clients of every kind, each asking one thing after another until it is told to stop. */
final class SoakLoad implements AutoCloseable {

    private final InetSocketAddress proxy;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ManagedChannel grpc;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, LongAdder> done = new TreeMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    SoakLoad(InetSocketAddress proxy) {
        this.proxy = proxy;
        this.grpc = NettyChannelBuilder.forAddress(proxy)
                .usePlaintext()
                .maxInboundMessageSize(1 << 20)
                .build();
    }

    void start() {
        run("GET", 4, () -> expect(ask(request("/app").GET()), "0"));
        run("PUT", 2, () -> expect(ask(request("/app").PUT(BodyPublishers.ofByteArray(new byte[20_000]))), "20000"));
        run("PUT in chunks", 1, () -> expect(ask(request("/app").PUT(chunked())), "20000"));
        run("gRPC", 4, this::unary);
        run("gRPC stream", 2, this::stream);
        run("slow reader", 1, this::slowReader);
        run("slow writer", 1, this::slowWriter);
    }

    Map<String, LongAdder> done() {
        return done;
    }

    Queue<String> failures() {
        return failures;
    }

    private void run(String what, int count, Callable<String> once) {
        LongAdder adder = new LongAdder();
        done.put(what, adder);
        for (int i = 0; i < count; i++) {
            threads.execute(() -> {
                while (!stopped && failures.size() < 20) {
                    String wrong;
                    try {
                        wrong = once.call();
                    } catch (Exception failed) {
                        wrong = failed.toString();
                    }
                    if (wrong.isEmpty()) {
                        adder.increment();
                    } else {
                        failures.add(what + ": " + wrong);
                    }
                }
            });
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpRequest.BodyPublisher chunked() {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[20_000]));
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String expect(HttpResponse<String> answer, String length) {
        boolean right = answer.statusCode() == 200
                && answer.body().equals("ok")
                && answer.headers().firstValue("x-length").orElse("").equals(length);
        return right ? "" : answer + " " + answer.headers().map() + " " + answer.body();
    }

    private String unary() {
        byte[] message = new byte[3000];
        byte[] answer = ClientCalls.blockingUnaryCall(
                grpc, EchoService.ONCE, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), message);
        return Arrays.equals(answer, message) ? "" : "another message came back";
    }

    private String stream() throws Exception {
        LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        StreamObserver<byte[]> call = ClientCalls.asyncBidiStreamingCall(
                grpc.newCall(EchoService.STREAM, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS)),
                new StreamObserver<>() {
                    @Override
                    public void onNext(byte[] message) {
                        answers.add(message.length);
                    }

                    @Override
                    public void onError(Throwable cause) {
                        answers.add(cause);
                    }

                    @Override
                    public void onCompleted() {
                        answers.add("end");
                    }
                });
        for (int size = 1; size <= 64 << 10; size *= 4) {
            call.onNext(new byte[size]);
            Object answer = answers.poll(20, TimeUnit.SECONDS);
            if (!Integer.valueOf(size).equals(answer)) {
                return "instead of " + size + " bytes came " + answer;
            }
        }
        call.onCompleted();
        Object end = answers.poll(20, TimeUnit.SECONDS);
        return "end".equals(end) ? "" : "instead of the end came " + end;
    }

    /** Takes a large answer in small sips. */
    private String slowReader() throws Exception {
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.setSoTimeout(20_000);
            socket.setReceiveBufferSize(16 << 10);
            socket.getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] sip = new byte[128 << 10];
            long all = 0;
            for (int read = in.read(sip); read >= 0; read = in.read(sip)) {
                all += read;
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return all > SoakWorld.LARGE ? "" : "only " + all + " bytes came";
        }
    }

    /** Says its request a few bytes at a time. */
    private String slowWriter() throws Exception {
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.setSoTimeout(20_000);
            byte[] request = "PUT /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100\r\n\r\n"
                    .concat("x".repeat(100))
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < request.length; i += 7) {
                socket.getOutputStream().write(request, i, Math.min(7, request.length - i));
                TimeUnit.MILLISECONDS.sleep(10);
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200") && answer.contains(": 100\r\n") ? "" : answer;
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
        http.close();
        grpc.shutdownNow();
        try {
            grpc.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
