package dev.perimeter.shop.payment.charge;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Every charge, in the database that all instances share.
 *
 * <p>A charge is inserted first and looked up only when the database says that its key is taken: two instances that
 * get the same key at the same moment cannot both win, and no lock is held.
 */
@Repository
class Charges {

    /** What came of a request. */
    sealed interface Outcome {
        /** @param repeated the key had this charge before */
        record Charged(Charge charge, boolean repeated) implements Outcome {}

        /** The key belongs to a charge of another amount, currency or card. */
        record KeyReused(String key) implements Outcome {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Charges.class);

    private final JdbcClient database;
    private final Clock clock;

    Charges(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Outcome charge(ChargeRequest request) {
        // Milliseconds: what every database keeps, so that a repeated answer equals the first to the letter.
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var decision = CardIssuer.decide(request.card());
        var charge = new Charge(TimeOrderedId.at(now), request.key(), request.money(), request.card(), decision, now);
        try {
            insert(charge);
            LOG.info("charge {} key {} {} {}", charge.id(), charge.key(), charge.money(), decision);
            return new Outcome.Charged(charge, false);
        } catch (DuplicateKeyException taken) {
            return repeated(request, taken);
        }
    }

    Optional<Charge> find(UUID id) {
        return database.sql("select * from charge where id = ?")
                .param(id)
                .query(Charges::read)
                .optional();
    }

    /** At most {@code limit} charges made after the given one, oldest first. */
    List<Charge> list(UUID after, int limit) {
        return database.sql("select * from charge where id > ? order by id limit ?")
                .params(after, limit)
                .query(Charges::read)
                .list();
    }

    private Outcome repeated(ChargeRequest request, DuplicateKeyException taken) {
        var charge = database.sql("select * from charge where charge_key = ?")
                .param(request.key())
                .query(Charges::read)
                .optional()
                .orElseThrow(() -> taken);
        if (!charge.answers(request)) {
            LOG.info("key {} asks for another charge than {}: refused", request.key(), charge.id());
            return new Outcome.KeyReused(request.key());
        }
        LOG.info("charge {} key {} repeated", charge.id(), charge.key());
        return new Outcome.Charged(charge, true);
    }

    private void insert(Charge charge) {
        var status = switch (charge.decision()) {
            case Decision.Approved() -> "APPROVED";
            case Decision.Declined(var reason) -> "DECLINED";
        };
        var reason = charge.decision() instanceof Decision.Declined(var why) ? why : null;
        database.sql("insert into charge (id, charge_key, amount, currency, card, status, reason, created_at)"
                        + " values (:id, :key, :amount, :currency, :card, :status, :reason, :createdAt)")
                .param("id", charge.id())
                .param("key", charge.key())
                .param("amount", charge.money().amount())
                .param("currency", charge.money().currency().getCurrencyCode())
                .param("card", charge.card())
                .param("status", status)
                .param("reason", reason)
                .param("createdAt", OffsetDateTime.ofInstant(charge.createdAt(), ZoneOffset.UTC))
                .update();
    }

    private static Charge read(ResultSet row, int number) throws SQLException {
        var decision = row.getString("status").equals("APPROVED")
                ? new Decision.Approved()
                : new Decision.Declined(row.getString("reason"));
        return new Charge(
                row.getObject("id", UUID.class),
                row.getString("charge_key"),
                new Money(row.getLong("amount"), Currency.getInstance(row.getString("currency"))),
                row.getString("card"),
                decision,
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
