package dev.perimeter.shop.payment;

final class ChargesOnPostgresTest extends ChargesSuite {

    ChargesOnPostgresTest() {
        super(TestDatabase.postgres());
    }
}
