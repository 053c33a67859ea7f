package dev.perimeter.proxy.sidecar.admin;

/** {@code /ready}: 200 and LIVE, as Envoy says it, or 503 and one sentence. */
final class ReadyPage implements AdminPage {

    @Override
    public Reply answer(ProxyView proxy, String query) {
        String reason = proxy.notReady();
        return reason == null ? Reply.text(200, "LIVE\n") : Reply.text(503, reason + "\n");
    }
}
