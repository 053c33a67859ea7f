package dev.perimeter.proxy.filter;

/** One step of the chain, alive for one exchange. Called on the exchange's event loop only; must never block. */
public interface HttpFilter {}
