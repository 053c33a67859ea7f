package dev.perimeter.proxy.xds.transport;

/** Opens streams to one place where resources come from. */
public interface XdsTransport extends AutoCloseable {

    /** The place's address, for sentences. */
    String target();

    /** Whether it speaks the delta variant; else state of the world. */
    boolean delta();

    /** Begins to connect. What comes of it is told to {@code events}, on any thread, never from within this call. */
    Stream open(Events events);

    @Override
    void close();

    /** One stream. Called on the control thread. */
    interface Stream {

        void send(Ask ask);

        /** Ends it; no event comes after. */
        void cancel();
    }

    /** What happens on a stream: any number of answers, then one end. */
    interface Events {

        void answered(Answer answer);

        /** @param why a clause, e.g. {@code connection refused} */
        void ended(String why);
    }
}
