package dev.perimeter.proxy.tls;

/** What comes by SDS: one of the things that TLS needs and that change more often than the rest of the configuration. */
public sealed interface Secret permits TlsCertificate, ValidationContext, SessionTicketKeys {

    /** A secret in place, or the name of one. */
    sealed interface Reference<S extends Secret> {}

    /** It stands in the configuration. */
    record Given<S extends Secret>(S secret) implements Reference<S> {}

    /** It comes under this name, now or later. */
    record Named<S extends Secret>(String name) implements Reference<S> {}
}
