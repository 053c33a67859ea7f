package dev.perimeter.proxy.upstream.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 10.0.0.1:80",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1, [2001:db8::1]:80",
        "::1, ::1, [::1]:80",
        "::, ::, [::]:80"
    })
    void address_isWrittenInItsShortForm(String literal, String host, String text) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(literal), 80);
        assertThat(Addresses.host(address)).isEqualTo(host);
        assertThat(Addresses.text(address)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"shop.example, shop.example:80"})
    void name_isLeftAsItIs(String name, String text) {
        assertThat(Addresses.text(InetSocketAddress.createUnresolved(name, 80))).isEqualTo(text);
    }
}
