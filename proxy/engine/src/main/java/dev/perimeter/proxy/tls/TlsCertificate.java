package dev.perimeter.proxy.tls;

/**
 * Who one is.
 *
 * @param chain PEM, the own certificate first
 * @param privateKey PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted
 */
public record TlsCertificate(DataSource chain, DataSource privateKey) implements Secret {}
