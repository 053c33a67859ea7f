package dev.perimeter.proxy.sidecar.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.BoolValue;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.UnimplementedServiceGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The interop cases of gRPC (its {@code doc/interop-test-descriptions.md}) from a client through two proxies to a server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GrpcInteropCases {

    private static final List<Integer> REQUEST_SIZES = List.of(27182, 8, 1828, 45904);
    private static final List<Integer> RESPONSE_SIZES = List.of(31415, 9, 2653, 58979);
    private static final Metadata.Key<String> ECHO_INITIAL =
            Metadata.Key.of("x-grpc-test-echo-initial", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> ECHO_TRAILING =
            Metadata.Key.of("x-grpc-test-echo-trailing-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final GrpcHops.Security security;
    private GrpcHops hops;

    GrpcInteropCases(GrpcHops.Security security) {
        this.security = security;
    }

    @BeforeAll
    void start() throws Exception {
        hops = new GrpcHops(security);
    }

    @AfterAll
    void stop() throws Exception {
        hops.close();
    }

    private TestServiceGrpc.TestServiceBlockingStub blocking() {
        return TestServiceGrpc.newBlockingStub(hops.channel()).withDeadlineAfter(15, TimeUnit.SECONDS);
    }

    private TestServiceGrpc.TestServiceStub async() {
        return TestServiceGrpc.newStub(hops.channel()).withDeadlineAfter(15, TimeUnit.SECONDS);
    }

    @Test
    void emptyUnary() {
        assertThat(blocking().emptyCall(Empty.getDefaultInstance())).isEqualTo(Empty.getDefaultInstance());
    }

    @Test
    void largeUnary() {
        SimpleResponse response = blocking().unaryCall(large().build());
        assertThat(response.getPayload().getBody().size()).isEqualTo(314159);
    }

    @Test
    void clientCompressedUnary() {
        SimpleRequest.Builder request = large().setExpectCompressed(bool(true));
        SimpleResponse response = blocking().withCompression("gzip").unaryCall(request.build());
        assertThat(response.getPayload().getBody().size()).isEqualTo(314159);
        assertThat(hops.atServer().last().wasCompressed()).isTrue();
        request.setExpectCompressed(bool(false));
        assertThat(blocking().unaryCall(request.build()).getPayload().getBody().size())
                .isEqualTo(314159);
        assertThat(hops.atServer().last().wasCompressed()).isFalse();
    }

    @Test
    void serverCompressedUnary() {
        for (boolean compressed : new boolean[] {true, false}) {
            SimpleRequest request =
                    large().setResponseCompressed(bool(compressed)).build();
            assertThat(blocking().unaryCall(request).getPayload().getBody().size())
                    .isEqualTo(314159);
            assertThat(hops.atClient().last().wasCompressed()).isEqualTo(compressed);
        }
    }

    @Test
    void clientStreaming() throws Exception {
        GrpcReplies<StreamingInputCallResponse> replies = new GrpcReplies<>();
        sendAll(async().streamingInputCall(replies));
        assertThat(replies.next().getAggregatedPayloadSize()).isEqualTo(74922);
        assertThat(replies.status().isOk()).isTrue();
    }

    @Test
    void clientCompressedStreaming() throws Exception {
        GrpcReplies<StreamingInputCallResponse> replies = new GrpcReplies<>();
        sendAll(async().withCompression("gzip").streamingInputCall(replies));
        assertThat(replies.next().getAggregatedPayloadSize()).isEqualTo(74922);
        assertThat(replies.status().isOk()).isTrue();
        assertThat(hops.atServer().last().wasCompressed()).isTrue();
    }

    private static void sendAll(StreamObserver<StreamingInputCallRequest> requests) {
        for (int size : REQUEST_SIZES) {
            requests.onNext(StreamingInputCallRequest.newBuilder()
                    .setPayload(payload(size))
                    .build());
        }
        requests.onCompleted();
    }

    @Test
    void serverStreaming() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        async().streamingOutputCall(outputs(false), replies);
        assertThat(replies.status().isOk()).isTrue();
        assertThat(replies.rest()).extracting(GrpcInteropCases::size).isEqualTo(RESPONSE_SIZES);
    }

    @Test
    void serverCompressedStreaming() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        Metadata compress = new Metadata();
        compress.put(GrpcHops.COMPRESS, "gzip");
        async().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(compress))
                .streamingOutputCall(outputs(true), replies);
        assertThat(replies.status().isOk()).isTrue();
        assertThat(hops.atClient().last().wasCompressed()).isTrue();
        assertThat(replies.rest()).extracting(GrpcInteropCases::size).isEqualTo(RESPONSE_SIZES);
    }

    private static StreamingOutputCallRequest outputs(boolean compressed) {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        for (int size : RESPONSE_SIZES) {
            request.addResponseParameters(
                    ResponseParameters.newBuilder().setSize(size).setCompressed(bool(compressed)));
        }
        return request.build();
    }

    @Test
    void pingPong() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingOutputCallRequest> requests = async().fullDuplexCall(replies);
        for (int i = 0; i < REQUEST_SIZES.size(); i++) {
            requests.onNext(ping(RESPONSE_SIZES.get(i), REQUEST_SIZES.get(i), 0));
            assertThat(size(replies.next())).isEqualTo(RESPONSE_SIZES.get(i));
        }
        requests.onCompleted();
        assertThat(replies.status().isOk()).isTrue();
    }

    @Test
    void emptyStream() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        async().fullDuplexCall(replies).onCompleted();
        assertThat(replies.status().isOk()).isTrue();
        assertThat(replies.rest()).isEmpty();
    }

    @Test
    void cancelAfterBegin() throws Exception {
        GrpcReplies<StreamingInputCallResponse> replies = new GrpcReplies<>();
        async().streamingInputCall(replies).onError(new RuntimeException("given up"));
        assertThat(replies.status().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void cancelAfterFirstResponse() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingOutputCallRequest> requests = async().fullDuplexCall(replies);
        requests.onNext(ping(31415, 27182, 0));
        assertThat(size(replies.next())).isEqualTo(31415);
        int before = hops.cancelled();
        requests.onError(new RuntimeException("given up"));
        assertThat(replies.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        await().untilAsserted(() -> assertThat(hops.cancelled()).isGreaterThan(before));
    }

    @Test
    void timeoutOnSleepingServer() throws Exception {
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingOutputCallRequest> requests =
                async().withDeadlineAfter(50, TimeUnit.MILLISECONDS).fullDuplexCall(replies);
        requests.onNext(ping(10, 27182, 10_000_000));
        assertThat(replies.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void customMetadata() throws Exception {
        byte[] binary = {(byte) 0xab, (byte) 0xab, (byte) 0xab};
        Metadata sent = new Metadata();
        sent.put(ECHO_INITIAL, "test_initial_metadata_value");
        sent.put(ECHO_TRAILING, binary);
        echoes(sent, "test_initial_metadata_value", binary);
    }

    @Test
    void metadataOfMoreThan64KiB() throws Exception {
        String large = "x".repeat(70_000);
        Metadata sent = new Metadata();
        sent.put(ECHO_INITIAL, large);
        sent.put(ECHO_TRAILING, new byte[] {1});
        echoes(sent, large, new byte[] {1});
    }

    private void echoes(Metadata sent, String initial, byte[] trailing) throws InterruptedException {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        blocking()
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .unaryCall(large().build());
        assertThat(headers.get().get(ECHO_INITIAL)).isEqualTo(initial);
        assertThat(trailers.get().get(ECHO_TRAILING)).isEqualTo(trailing);

        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingOutputCallRequest> requests = async().withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .fullDuplexCall(replies);
        requests.onNext(ping(314159, 271828, 0));
        requests.onCompleted();
        assertThat(replies.status().isOk()).isTrue();
        assertThat(headers.get().get(ECHO_INITIAL)).isEqualTo(initial);
        assertThat(trailers.get().get(ECHO_TRAILING)).isEqualTo(trailing);
    }

    @Test
    void statusCodeAndMessage() throws Exception {
        hasStatus("test status message");
    }

    @Test
    void specialStatusMessage() throws Exception {
        hasStatus("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n");
    }

    private void hasStatus(String message) throws InterruptedException {
        EchoStatus echo = EchoStatus.newBuilder().setCode(2).setMessage(message).build();
        assertThatThrownBy(() -> blocking()
                        .unaryCall(SimpleRequest.newBuilder()
                                .setResponseStatus(echo)
                                .build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
                    assertThat(failure.getStatus().getDescription()).isEqualTo(message);
                });
        GrpcReplies<StreamingOutputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingOutputCallRequest> requests = async().fullDuplexCall(replies);
        requests.onNext(
                StreamingOutputCallRequest.newBuilder().setResponseStatus(echo).build());
        requests.onCompleted();
        Status status = replies.status();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).isEqualTo(message);
    }

    @Test
    void unimplementedMethod() {
        assertThatThrownBy(() -> blocking().unimplementedCall(Empty.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void unimplementedService() {
        assertThatThrownBy(() -> UnimplementedServiceGrpc.newBlockingStub(hops.channel())
                        .unimplementedCall(Empty.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    private static SimpleRequest.Builder large() {
        return SimpleRequest.newBuilder().setResponseSize(314159).setPayload(payload(271828));
    }

    private static StreamingOutputCallRequest ping(int responseSize, int requestSize, int intervalMicros) {
        return StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(
                        ResponseParameters.newBuilder().setSize(responseSize).setIntervalUs(intervalMicros))
                .setPayload(payload(requestSize))
                .build();
    }

    private static Payload payload(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }

    private static int size(StreamingOutputCallResponse response) {
        return response.getPayload().getBody().size();
    }

    private static BoolValue bool(boolean value) {
        return BoolValue.newBuilder().setValue(value).build();
    }
}
