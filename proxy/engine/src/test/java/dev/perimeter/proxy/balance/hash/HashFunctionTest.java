package dev.perimeter.proxy.balance.hash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashFunctionTest {

    /** What the reference implementation says. */
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
        "'The quick brown fox jumps over the lazy dog', 0b242d361fda71bc"
    })
    void xxHash_ofKnownTexts_isThatOfTheReference(String text, String hash) {
        assertThat(HashFunction.XX_HASH.hash(text)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    /** What GNU's C++ library itself makes of them with that seed. */
    @ParameterizedTest
    @CsvSource({
        "'', 553e93901e462a6e",
        "a, 454ddee488c1ed6b",
        "hello, 26553298fdbe39c8",
        "/orders/17, 9930d731a3f654ed",
        "'The quick brown fox jumps over the lazy dog', dccbf2541704bc75"
    })
    void murmurHash_ofKnownTexts_isThatOfTheLibrary(String text, String hash) {
        assertThat(HashFunction.MURMUR_HASH_2.hash(text)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }
}
