package dev.perimeter.shop.payment.fault;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.web.filter.OncePerRequestFilter;

/** Applies the plan to calls of both doors, counted together. Health is never touched. */
@Profile("lab")
@Configuration(proxyBeanMethods = false)
class PlannedFaults {

    private static final String HEADER = "x-lab-fault";
    private static final Metadata.Key<String> METADATA = Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private final FaultPlan plan;
    private final AtomicLong calls = new AtomicLong();

    PlannedFaults(FaultPlan plan) {
        this.plan = plan;
    }

    @Bean
    OncePerRequestFilter restFaults() {
        return new OncePerRequestFilter() {
            @Override
            protected boolean shouldNotFilter(HttpServletRequest request) {
                return !request.getRequestURI().startsWith("/charges");
            }

            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse reply, FilterChain rest)
                    throws ServletException, IOException {
                var fault = plan.of(calls.incrementAndGet());
                if (!(fault instanceof Fault.None)) {
                    reply.setHeader(HEADER, fault.mark());
                }
                if (lets(fault)) {
                    rest.doFilter(request, reply);
                } else {
                    reply.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                    reply.setContentType("application/problem+json");
                    reply.getWriter().write(problem(fault));
                }
            }
        };
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor grpcFaults() {
        return new ServerInterceptor() {
            @Override
            public <I, O> ServerCall.Listener<I> interceptCall(
                    ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> rest) {
                var fault = plan.of(calls.incrementAndGet());
                if (lets(fault)) {
                    return rest.startCall(fault instanceof Fault.None ? call : marked(call, fault), headers);
                }
                var trailers = new Metadata();
                trailers.put(METADATA, fault.mark());
                call.close(Status.UNAVAILABLE.withDescription("a planned fault: " + fault.mark()), trailers);
                return new ServerCall.Listener<>() {};
            }
        };
    }

    /** Spends the fault's time on the caller's virtual thread; false when the call ends here. */
    private static boolean lets(Fault fault) {
        return switch (fault) {
            case Fault.None() -> true;
            case Fault.Delay(var time) -> sleep(time);
            case Fault.Error() -> false;
            case Fault.Hang(var time) -> {
                sleep(time);
                yield false;
            }
        };
    }

    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String problem(Fault fault) {
        return """
            {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"A planned fault: %s."}\
            """.formatted(fault.mark());
    }

    private static <I, O> ServerCall<I, O> marked(ServerCall<I, O> call, Fault fault) {
        return new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
                headers.put(METADATA, fault.mark());
                super.sendHeaders(headers);
            }
        };
    }
}
