package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.proxy.xds.transport.AdsTransport;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.ArrayList;
import java.util.List;

/** A transport without a network: a test is the control plane. */
final class ScriptedTransport implements AdsTransport {

    /** One attempt to connect. */
    static final class Attempt implements Stream {
        final Events events;
        final List<Ask> asks = new ArrayList<>();
        boolean cancelled;
        private int nonces;

        Attempt(Events events) {
            this.events = events;
        }

        @Override
        public void send(Ask ask) {
            asks.add(ask);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        Ask lastAsk(ResourceType type) {
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
                    List.of(resources).stream().map(Any::pack).toList()));
        }
    }

    final List<Attempt> attempts = new ArrayList<>();
    boolean closed;

    @Override
    public String target() {
        return "127.1.1.1:15010";
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
