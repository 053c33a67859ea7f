package dev.perimeter.proxy.sidecar.admin.operate;

import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import java.util.function.Consumer;

/** An order without a choice: the proxy is told, and the page says so. */
public final class OrderPage implements AdminPage {

    private final Consumer<ProxyView> order;
    private final String said;

    private OrderPage(Consumer<ProxyView> order, String said) {
        this.order = order;
        this.said = said;
    }

    /** The proxy stays up, is not ready any more, accepts nothing new and ends what is under way. */
    public static AdminPage drain() {
        return new OrderPage(ProxyView::drain, "draining\n");
    }

    public static AdminPage failHealth() {
        return new OrderPage(proxy -> proxy.failHealth(true), "OK\n");
    }

    public static AdminPage passHealth() {
        return new OrderPage(proxy -> proxy.failHealth(false), "OK\n");
    }

    /** The reply is written before the process ends. */
    public static AdminPage quit() {
        return new OrderPage(ProxyView::quit, "OK\n");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        order.accept(proxy);
        return AdminReply.text(200, said);
    }
}
