package dev.perimeter.shop.payment;

final class ChargesOnH2Test extends ChargesSuite {

    ChargesOnH2Test() {
        super(TestDatabase.h2());
    }
}
