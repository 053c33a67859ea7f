package dev.perimeter.proxy.http;

/** What a server connection does with its requests: one instance serves all connections of a listener. */
public interface RequestHandlers {

    /** Called on the connection's event loop when the head of a request is complete; {@code onHead} of the result follows at once. */
    RequestHandler open(ServerStream stream);

    /** The codec refuses a request; whoever implements this answers through {@code stream} and logs. The connection closes afterwards. */
    void refused(ServerStream stream, BadRequest failure);

    /** Something happened that no exchange sees. */
    default void counted(CodecEvent event) {}
}
