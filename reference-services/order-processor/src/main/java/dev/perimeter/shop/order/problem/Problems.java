package dev.perimeter.shop.order.problem;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** The problems a caller can cause, one factory each. */
public final class Problems {

    private Problems() {}

    /** 400, with every violation under {@code errors}. */
    public static ResponseEntity<ProblemDetail> invalid(List<Violation> violations) {
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                String.join("; ", violations.stream().map(Violation::toString).toList()));
        problem.setProperty("errors", violations);
        return reply(problem);
    }

    public static ResponseEntity<ProblemDetail> invalid(String field, String message) {
        return invalid(List.of(new Violation(field, message)));
    }

    public static ResponseEntity<ProblemDetail> notFound(String detail) {
        return reply(ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, detail));
    }

    /** 422: the key was used before, with another body. */
    public static ResponseEntity<ProblemDetail> keyReused(String key) {
        return reply(ProblemDetail.forStatusAndDetail(
                HttpStatus.UNPROCESSABLE_CONTENT, "The key " + key + " was used before with another body."));
    }

    private static ResponseEntity<ProblemDetail> reply(ProblemDetail problem) {
        return ResponseEntity.of(problem).build();
    }
}
