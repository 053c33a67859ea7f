package dev.perimeter.shop.order;

final class OrdersOverGrpcOnPostgresTest extends OrdersSuite {

    OrdersOverGrpcOnPostgresTest() {
        super(TestDatabase.postgres(), new GrpcStandIn());
    }
}
