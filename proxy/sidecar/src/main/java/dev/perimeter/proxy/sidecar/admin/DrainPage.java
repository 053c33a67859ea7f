package dev.perimeter.proxy.sidecar.admin;

/** {@code POST /drain}: the proxy stays up, is not ready any more, accepts nothing new and ends what is under way. */
final class DrainPage implements AdminPage {

    @Override
    public Reply answer(ProxyView proxy, String query) {
        proxy.drain();
        return Reply.text(200, "draining\n");
    }
}
