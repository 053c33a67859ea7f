package dev.perimeter.shop.order.ledger;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Tells the connection pool which errors mean that a connection is lost. It knows the SQL standard's class 08 and
 * PostgreSQL's own codes, but not those of H2, and would go on handing out connections to a dead server.
 */
public final class LostConnection implements SQLExceptionOverride {

    /** "Connection is broken", "database has been closed", "object is already closed" (org.h2.api.ErrorCode). */
    private static final Set<String> H2 = Set.of("90067", "90098", "90121", "90007");

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        var state = failure.getSQLState();
        return state != null && H2.contains(state) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
