package dev.perimeter.shop.payment.problem;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/** Turns what was thrown on a gRPC call into a status: UNAVAILABLE means "repeat the call". */
@Component
class GrpcProblems implements GrpcExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcProblems.class);

    @Override
    public StatusException handleException(Throwable failure) {
        return switch (failure) {
            case StatusException meant -> meant;
            case StatusRuntimeException meant -> meant.getStatus().asException();
            case DataAccessException away -> {
                LOG.warn("database: {}", away.getMostSpecificCause().getMessage());
                yield Status.UNAVAILABLE
                        .withDescription("Nothing can be read or kept just now. Repeat the call.")
                        .asException();
            }
            default -> {
                LOG.error("unexpected failure", failure);
                yield Status.INTERNAL
                        .withDescription("Something went wrong here.")
                        .asException();
            }
        };
    }
}
