package dev.perimeter.proxy.runtime;

/** What a listener does with its connections, ready to serve. */
public sealed interface ConnectionRuntime permits HttpRuntime, TcpRuntime {

    /** Name of the listener. */
    String listener();

    RuntimeSnapshot runtime();
}
