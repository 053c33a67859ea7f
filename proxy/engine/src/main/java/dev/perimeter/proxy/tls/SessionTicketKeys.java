package dev.perimeter.proxy.tls;

import java.util.List;

/**
 * What session tickets are sealed with, so that another proxy, or this one after a restart, can open them.
 *
 * @param keys 80 bytes each; the first seals, the others still open
 */
public record SessionTicketKeys(List<DataSource> keys) implements Secret {}
