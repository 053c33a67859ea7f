package dev.perimeter.shop.payment.problem;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts the caller's {@code x-request-id} on every line that is logged for its request, whichever door it came by. */
@Configuration(proxyBeanMethods = false)
class RequestIdInLog {

    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

    @Bean
    OncePerRequestFilter restRequestId() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse reply, FilterChain rest)
                    throws ServletException, IOException {
                try (var _ = onLog(request.getHeader("x-request-id"))) {
                    rest.doFilter(request, reply);
                }
            }
        };
    }

    /** Each gRPC callback may run on another virtual thread; the call's own work is all done in half-close. */
    @Bean
    @GlobalServerInterceptor
    ServerInterceptor grpcRequestId() {
        return new ServerInterceptor() {
            @Override
            public <I, O> ServerCall.Listener<I> interceptCall(
                    ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> rest) {
                var listener = rest.startCall(call, headers);
                return new io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<I>(listener) {
                    @Override
                    public void onHalfClose() {
                        try (var _ = onLog(headers.get(REQUEST_ID))) {
                            super.onHalfClose();
                        }
                    }
                };
            }
        };
    }

    private static MDC.MDCCloseable onLog(@Nullable String requestId) {
        return MDC.putCloseable("request", requestId == null ? "-" : requestId);
    }
}
