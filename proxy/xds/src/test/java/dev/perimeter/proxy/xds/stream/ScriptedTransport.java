package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Answer.Sent;
import dev.perimeter.proxy.xds.transport.Ask;
import dev.perimeter.proxy.xds.transport.XdsTransport;
import java.util.ArrayList;
import java.util.List;

/** A transport without a network: a test is the control plane. */
final class ScriptedTransport implements XdsTransport {

    /** One attempt to connect. */
    static final class Attempt implements Stream {
        final Events events;
        final List<Ask.World> asks = new ArrayList<>();
        boolean cancelled;
        private int nonces;

        Attempt(Events events) {
            this.events = events;
        }

        @Override
        public void send(Ask ask) {
            asks.add((Ask.World) ask);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        Ask.World lastAsk(ResourceType type) {
            return asks.stream()
                    .filter(ask -> ask.type() == type)
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }

        void answer(ResourceType type, String version, Message... resources) {
            events.answered(new Answer(
                    type.typeUrl(),
                    version,
                    "n" + ++nonces,
                    List.of(resources).stream()
                            .map(resource -> Sent.bare(Any.pack(resource), version))
                            .toList(),
                    List.of()));
        }
    }

    final List<Attempt> attempts = new ArrayList<>();
    boolean closed;

    @Override
    public String target() {
        return "127.1.1.1:15010";
    }

    @Override
    public boolean delta() {
        return false;
    }

    @Override
    public Stream open(Events events) {
        Attempt attempt = new Attempt(events);
        attempts.add(attempt);
        return attempt;
    }

    Attempt latest() {
        return attempts.getLast();
    }

    @Override
    public void close() {
        closed = true;
    }
}
