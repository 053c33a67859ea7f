package dev.perimeter.shop.order;

final class OrdersOverRestOnH2Test extends OrdersSuite {

    OrdersOverRestOnH2Test() {
        super(TestDatabase.h2(), new RestStandIn());
    }
}
