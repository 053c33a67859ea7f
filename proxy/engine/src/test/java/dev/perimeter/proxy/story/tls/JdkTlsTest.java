package dev.perimeter.proxy.story.tls;

import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.story.RunningProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The stories of TLS with the JDK's own, as a machine without BoringSSL's library tells them. */
class JdkTlsTest {

    @BeforeAll
    static void withoutBoringSsl() {
        RunningProxy.transport = DataPlaneOptions::withJdkTls;
    }

    @AfterAll
    static void asTheMachineIs() {
        RunningProxy.transport = options -> options;
    }

    @Nested
    class Tls extends TlsTest {}

    @Nested
    class Choice extends CertificateChoiceTest {}
}
