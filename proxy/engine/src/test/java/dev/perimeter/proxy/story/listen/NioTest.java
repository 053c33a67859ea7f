package dev.perimeter.proxy.story.listen;

import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.story.flow.BackPressureTest;
import dev.perimeter.proxy.story.http.HappyPathTest;
import dev.perimeter.proxy.story.resilience.UpstreamFailureTest;
import dev.perimeter.proxy.story.tunnel.ConnectTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * Stories told again with Java's own selector, as a machine without epoll (macOS) runs them: those where the transports
 * differ, in how connections open, pause, half-close and break.
 */
class NioTest {

    @BeforeAll
    static void withoutEpoll() {
        RunningProxy.transport = DataPlaneOptions::withNio;
    }

    @AfterAll
    static void asTheMachineIs() {
        RunningProxy.transport = options -> options;
    }

    @Nested
    class HappyPath extends HappyPathTest {}

    @Nested
    class Tcp extends TcpStoryTest {}

    @Nested
    class Connect extends ConnectTest {}

    @Nested
    class Listeners extends ListenerTest {}

    @Nested
    class BackPressure extends BackPressureTest {}

    @Nested
    class UpstreamFailure extends UpstreamFailureTest {}

    @Nested
    class Change extends ChangeTest {}
}
