package dev.perimeter.labs.harness.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SocketTableTest {

    @Test
    void line_ofTheKernel_isRead() {
        Connection read = SocketTable.parse(
                        "   2: 0104007F:B1C2 0205017F:1F90 01 00000000:00000000 00:00000000 00000000     0        0"
                                + " 4242 1")
                .orElseThrow();

        assertThat(read)
                .isEqualTo(new Connection("127.0.4.1:45506", "127.1.5.2:8080", Connection.State.ESTABLISHED, 4242));
    }

    @Test
    void addressOfAnIpv4Connection_inTheTableOfIpv6_isWrittenAsIpv4() {
        Connection read = SocketTable.parse("0: 0000000000000000FFFF00000100007F:0050"
                        + " 0000000000000000FFFF00000100007F:C000 02 0:0 00:0 0 0 0 7 1")
                .orElseThrow();

        assertThat(read.local()).isEqualTo("127.0.0.1:80");
        assertThat(read.state()).isEqualTo(Connection.State.SYN_SENT);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void connection_ofThisProcess_isFoundWithItsOwnerAtTheOtherEnd() throws IOException {
        long me = ProcessHandle.current().pid();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket near = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket far = listener.accept()) {
            SocketTable table = SocketTable.read(List.of(me));

            Connection mine = table.of(me).stream()
                    .filter(each -> each.remotePort() == listener.getLocalPort())
                    .findFirst()
                    .orElseThrow();
            assertThat(mine.localPort()).isEqualTo(near.getLocalPort());
            assertThat(table.peer(mine)).contains(me);
            assertThat(far.isConnected()).isTrue();
        }
    }
}
