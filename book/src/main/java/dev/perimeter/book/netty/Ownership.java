package dev.perimeter.book.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Who has to let go of a buffer: the last one who holds it. */
public final class Ownership {

    private Ownership() {}

    // tag::consume[]
    /** The message ends here, so it is released here, whatever happens in between. */
    public static void consume(Object message, Consumer<String> reader) {
        try {
            ByteBuf bytes = (ByteBuf) message;
            reader.accept(bytes.toString(StandardCharsets.UTF_8));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }
    // end::consume[]

    // tag::pass-on[]
    /** Writing gives the buffer away: it is released once its bytes are sent, or cannot be. */
    public static void passOn(ByteBuf bytes, Channel to) {
        to.writeAndFlush(bytes);
    }
    // end::pass-on[]

    // tag::both[]
    /** Two receivers need two references to the same bytes; nothing is copied. */
    public static void passOnTwice(ByteBuf bytes, Channel one, Channel other) {
        one.writeAndFlush(bytes.retainedDuplicate()); // <1>
        other.writeAndFlush(bytes); // <2>
    }
    // end::both[]
}
