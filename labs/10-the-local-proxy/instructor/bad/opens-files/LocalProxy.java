package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refused: writes to files, and past what the host gave it to print to. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write("port 1\n".getBytes());
            Files.writeString(Path.of("seen.txt"), "a connection");
        } catch (IOException absent) {
            downstream.close();
        }
    }
}
