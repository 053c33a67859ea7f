package dev.perimeter.labs.harness.fault;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DeadAddressTest {

    @Test
    void address_madeDead_neitherAcceptsNorRefuses() throws IOException {
        InetSocketAddress address;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(probe.getInetAddress(), probe.getLocalPort());
        }
        try (DeadAddress dead = DeadAddress.at(address);
                Socket caller = new Socket()) {
            assertThatThrownBy(() -> caller.connect(address, 200))
                    .as("a connection to %s", dead)
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }
}
