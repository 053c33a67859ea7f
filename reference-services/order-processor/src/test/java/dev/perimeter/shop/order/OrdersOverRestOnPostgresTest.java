package dev.perimeter.shop.order;

final class OrdersOverRestOnPostgresTest extends OrdersSuite {

    OrdersOverRestOnPostgresTest() {
        super(TestDatabase.postgres(), new RestStandIn());
    }
}
