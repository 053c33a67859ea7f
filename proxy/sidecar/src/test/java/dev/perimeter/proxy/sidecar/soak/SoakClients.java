package dev.perimeter.proxy.sidecar.soak;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** What each kind of client does once; every method answers what was wrong, or nothing. */
final class SoakClients implements AutoCloseable {

    private static final int PATIENCE = 20;

    private final InetSocketAddress plain;
    private final InetSocketAddress secure;
    private final InetSocketAddress tcp;
    private final HttpClient http1;
    private final HttpClient http2;
    private final ManagedChannel grpc;

    SoakClients(InetSocketAddress plain, InetSocketAddress secure, InetSocketAddress tcp, SSLContext trust) {
        this.plain = plain;
        this.secure = secure;
        this.tcp = tcp;
        this.http1 = client(Version.HTTP_1_1, trust);
        this.http2 = client(Version.HTTP_2, trust);
        this.grpc = NettyChannelBuilder.forAddress(plain)
                .usePlaintext()
                .maxInboundMessageSize(1 << 20)
                .build();
    }

    private static HttpClient client(Version version, SSLContext trust) {
        return HttpClient.newBuilder().version(version).sslContext(trust).build();
    }

    private HttpRequest.Builder plain() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plain.getPort() + "/app"))
                .timeout(Duration.ofSeconds(PATIENCE));
    }

    private HttpRequest.Builder secure() {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + secure.getPort() + "/app"))
                .timeout(Duration.ofSeconds(PATIENCE));
    }

    String get() throws Exception {
        return expect(http1.send(plain().GET().build(), BodyHandlers.ofString()), "0", Version.HTTP_1_1);
    }

    String put() throws Exception {
        HttpRequest.Builder request = plain().PUT(BodyPublishers.ofByteArray(new byte[20_000]));
        return expect(http1.send(request.build(), BodyHandlers.ofString()), "20000", Version.HTTP_1_1);
    }

    String putInChunks() throws Exception {
        HttpRequest.Builder request = plain().PUT(chunked());
        return expect(http1.send(request.build(), BodyHandlers.ofString()), "20000", Version.HTTP_1_1);
    }

    String secureHttp1() throws Exception {
        return expect(http1.send(secure().GET().build(), BodyHandlers.ofString()), "0", Version.HTTP_1_1);
    }

    /** HTTP/2, agreed on by ALPN. */
    String secureHttp2() throws Exception {
        HttpRequest.Builder request = secure().PUT(BodyPublishers.ofByteArray(new byte[20_000]));
        return expect(http2.send(request.build(), BodyHandlers.ofString()), "20000", Version.HTTP_2);
    }

    private static HttpRequest.BodyPublisher chunked() {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[20_000]));
    }

    private static String expect(HttpResponse<String> answer, String length, Version version) {
        boolean right = answer.statusCode() == 200
                && answer.version() == version
                && answer.body().equals("ok")
                && answer.headers().firstValue("x-length").orElse("").equals(length);
        return right ? "" : answer + " " + answer.headers().map() + " " + answer.body();
    }

    String unary() {
        byte[] message = new byte[3000];
        byte[] answer = ClientCalls.blockingUnaryCall(
                grpc, EchoService.ONCE, CallOptions.DEFAULT.withDeadlineAfter(PATIENCE, TimeUnit.SECONDS), message);
        return Arrays.equals(answer, message) ? "" : "another message came back";
    }

    String stream() throws Exception {
        LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        StreamObserver<byte[]> call = ClientCalls.asyncBidiStreamingCall(
                grpc.newCall(EchoService.STREAM, CallOptions.DEFAULT.withDeadlineAfter(PATIENCE, TimeUnit.SECONDS)),
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
            Object answer = answers.poll(PATIENCE, TimeUnit.SECONDS);
            if (!Integer.valueOf(size).equals(answer)) {
                return "instead of " + size + " bytes came " + answer;
            }
        }
        call.onCompleted();
        Object end = answers.poll(PATIENCE, TimeUnit.SECONDS);
        return "end".equals(end) ? "" : "instead of the end came " + end;
    }

    String webSocket() throws Exception {
        LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = http1.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + plain.getPort() + "/ws"), new WebSocket.Listener() {
                    private final StringBuilder message = new StringBuilder();

                    /** A message that comes in two reads is told in two parts. */
                    @Override
                    public CompletionStage<?> onText(WebSocket self, CharSequence part, boolean last) {
                        message.append(part);
                        if (last) {
                            answers.add(message.toString());
                            message.setLength(0);
                        }
                        self.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket self, int status, String reason) {
                        answers.add("closed with " + status);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket self, Throwable cause) {
                        answers.add(cause.toString());
                    }
                })
                .get(PATIENCE, TimeUnit.SECONDS);
        for (int i = 0; i < 10; i++) {
            socket.sendText("message " + i, true).get(PATIENCE, TimeUnit.SECONDS);
            String answer = answers.poll(PATIENCE, TimeUnit.SECONDS);
            if (!("message " + i).equals(answer)) {
                return "instead of message " + i + " came " + answer;
            }
        }
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE, TimeUnit.SECONDS);
        String end = answers.poll(PATIENCE, TimeUnit.SECONDS);
        return ("closed with " + WebSocket.NORMAL_CLOSURE).equals(end) ? "" : "instead of the end came " + end;
    }

    /** Bytes through the TCP proxy, in both directions at once, up to the end of both. */
    String bytes() throws Exception {
        byte[] sent = new byte[200_000];
        ThreadLocalRandom.current().nextBytes(sent);
        try (Socket socket = new Socket(tcp.getAddress(), tcp.getPort())) {
            socket.setSoTimeout(20_000);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException cut) {
                    // Then the answer is not whole either.
                }
            });
            byte[] answer = socket.getInputStream().readAllBytes();
            sender.join();
            return Arrays.equals(sent, answer) ? "" : answer.length + " bytes came back of " + sent.length;
        }
    }

    /** Takes a large answer in small sips. */
    String slowReader() throws Exception {
        try (Socket socket = new Socket(plain.getAddress(), plain.getPort())) {
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
    String slowWriter() throws Exception {
        try (Socket socket = new Socket(plain.getAddress(), plain.getPort())) {
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
        http1.close();
        http2.close();
        grpc.shutdownNow();
        try {
            grpc.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
