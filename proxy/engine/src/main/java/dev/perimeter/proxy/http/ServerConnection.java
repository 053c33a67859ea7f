package dev.perimeter.proxy.http;

/** An accepted connection as its listener sees it, whatever version it speaks. To be called on its event loop. */
public interface ServerConnection {

    /** Tells the client that the end is near, where the protocol has a word for that; requests are still taken. */
    void announceEnd();

    /** Finishes the exchanges under way, if any, and closes. */
    void drain();
}
