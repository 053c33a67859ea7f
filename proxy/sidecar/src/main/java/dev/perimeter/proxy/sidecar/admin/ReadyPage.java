package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;

/** {@code /ready}: 200 and LIVE, as Envoy says it, or 503 and one sentence. */
final class ReadyPage implements AdminPage {

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        String reason = proxy.notReady();
        return reason == null ? AdminReply.text(200, "LIVE\n") : AdminReply.text(503, reason + "\n");
    }
}
