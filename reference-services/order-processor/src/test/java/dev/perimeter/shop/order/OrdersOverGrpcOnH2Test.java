package dev.perimeter.shop.order;

final class OrdersOverGrpcOnH2Test extends OrdersSuite {

    OrdersOverGrpcOnH2Test() {
        super(TestDatabase.h2(), new GrpcStandIn());
    }
}
