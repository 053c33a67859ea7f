package dev.perimeter.shop.order.trace;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads the {@link Trace} of a request once, keeps it as a request attribute, and puts its id on every log line. */
@Component
public class RequestScope extends OncePerRequestFilter {

    /** The request attribute that holds the {@link Trace}. */
    public static final String TRACE = "trace";

    /** The key under which the log pattern finds the request id. */
    public static final String LOG_KEY = "request";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse reply, FilterChain rest)
            throws ServletException, IOException {
        var trace = Trace.of(request);
        request.setAttribute(TRACE, trace);
        try (var _ = MDC.putCloseable(LOG_KEY, trace.requestId())) {
            rest.doFilter(request, reply);
        }
    }
}
