package dev.perimeter.proxy.peer;

/**
 * What the machine knows of a peer whose bytes nobody reads at the moment, fired as an event through the pipeline: a read
 * would tell it only behind all that the peer sent before. It is not fired where the machine cannot tell: with Java's own
 * selector, and while the end stands behind bytes for which the peer has no window.
 */
public enum PeerGone {
    /** It says no more (FIN); whether it still listens nobody can tell. */
    ENDED,
    /** The connection is dead (RST); what was received before can still be read. */
    RESET
}
