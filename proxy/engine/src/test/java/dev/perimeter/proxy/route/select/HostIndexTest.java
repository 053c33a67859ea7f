package dev.perimeter.proxy.route.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostIndexTest {

    private final HostIndex<String> index = new HostIndex<>();

    @BeforeEach
    void hosts() {
        for (String domain : new String[] {
            "shop.example.com", "*.example.com", "*.deep.example.com", "api.*", "api.example.*", "payment:8080", "*"
        }) {
            index.put(domain, domain);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, shop.example.com",
        "SHOP.example.com, shop.example.com",
        "shop.example.com:8443, *",
        "other.example.com, *.example.com",
        "other.example.com:80, *",
        "a.deep.example.com, *.deep.example.com",
        "api.example.org, api.example.*",
        "api.org, api.*",
        "api.org:8080, api.*",
        "payment:8080, payment:8080",
        "payment:9090, *",
        "payment, *",
        "example.com, *",
        "[::1]:80, *"
    })
    void authority_findsTheMostSpecificDomain(String authority, String domain) {
        assertThat(index.find(authority)).isEqualTo(domain);
    }

    @Test
    void authority_withoutAnyMatch_findsNothing() {
        HostIndex<String> one = new HostIndex<>();
        one.put("a", "a");

        assertThat(one.find("b")).isNull();
    }
}
