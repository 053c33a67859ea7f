package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.translate.attach.Attachments;

/** From the world to one proxy's config. A pure function of its arguments; one instance serves one world. */
public final class Translator {
    private final MeshConfig world;
    private final Attachments attachments;

    /** Works out once, for all proxies, which routes hang where. */
    public Translator(MeshConfig world) {
        this.world = world;
        this.attachments = new Attachments(world);
    }

    /** Which routes hang where, and what is said about them. */
    public Attachments attachments() {
        return attachments;
    }

    public MeshConfig world() {
        return world;
    }

    /** What the proxy is to have. */
    public Translation translate(ProxyNode node) {
        return switch (node.id().role()) {
            case SIDECAR -> new Translation.Config(new SidecarTranslation(world, attachments, node).translate());
            case GATEWAY -> new GatewayTranslation(world, attachments, node).translate();
            case PROXYLESS -> new Translation.Config(new ProxylessTranslation(world, attachments).translate());
        };
    }
}
