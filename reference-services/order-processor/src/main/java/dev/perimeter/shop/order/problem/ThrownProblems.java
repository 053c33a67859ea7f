package dev.perimeter.shop.order.problem;

import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns what was thrown while a request was handled into problem details. */
@RestControllerAdvice
class ThrownProblems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThrownProblems.class);

    /** The database is away, or a commit was lost with it: the caller may repeat the call with its key. */
    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<ProblemDetail> databaseAway(NestedRuntimeException failure) {
        LOG.warn("database: {}", failure.getMostSpecificCause().getMessage());
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Orders can neither be read nor kept just now. Repeat the request, with the same Idempotency-Key.");
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> wrongType(MethodArgumentTypeMismatchException mismatch) {
        return Problems.invalid(mismatch.getName(), "cannot be read");
    }

    /** Tomcat throws it when somebody first asks for a parameter. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadableQuery(InvalidParameterException failure) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(
                        HttpStatus.BAD_REQUEST, "The query is not percent-encoded as RFC 3986, section 2.1 asks."))
                .build();
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(RuntimeException failure) {
        LOG.error("unexpected failure", failure);
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "Something went wrong here; the request id leads to the log."))
                .build();
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var problem =
                ProblemDetail.forStatusAndDetail(status, "The body is not JSON that can be read" + where(failure));
        return createResponseEntity(problem, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
            NoHandlerFoundException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var problem = ProblemDetail.forStatusAndDetail(status, "There is nothing at this path.");
        return createResponseEntity(problem, headers, status, request);
    }

    private static String where(HttpMessageNotReadableException failure) {
        if (failure.getCause() instanceof JacksonException broken && broken.getLocation() != null) {
            var place = broken.getLocation();
            return " (line %d, column %d).".formatted(place.getLineNr(), place.getColumnNr());
        }
        return ".";
    }
}
