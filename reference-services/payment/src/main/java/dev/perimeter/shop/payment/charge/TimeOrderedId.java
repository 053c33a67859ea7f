package dev.perimeter.shop.payment.charge;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): they sort by the millisecond of their making, so a primary key is
 * also the order of a listing.
 */
final class TimeOrderedId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private TimeOrderedId() {}

    static UUID at(Instant moment) {
        long head = moment.toEpochMilli() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
        long tail = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(head, tail);
    }
}
