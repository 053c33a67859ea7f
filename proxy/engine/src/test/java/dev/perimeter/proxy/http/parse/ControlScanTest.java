package dev.perimeter.proxy.http.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlScanTest {

    @Test
    void everyByte_atEveryPlaceOfAWord_isFoundIfItIsAControlCharacter() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 24; place++) {
                byte[] bytes = "a field value of 24 bytes".substring(0, 24).getBytes();
                bytes[place] = (byte) value;

                boolean control = value < 0x20 || value == 0x7f;
                assertThat(ControlScan.next(bytes, 0, 24))
                        .as("byte %d at %d", value, place)
                        .isEqualTo(control ? place : 24);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytes_fromAnywhereToAnywhere_areJudgedAsOneByOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 64)];
            // Mostly what stands next to the limits, where a wrong borrow would show.
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte)
                        (random.nextInt(8) == 0 ? random.nextInt(256) : " !~\u0080\u00ff".charAt(random.nextInt(5)));
            }
            int from = random.nextInt(bytes.length);
            int to = random.nextInt(from, bytes.length + 1);

            assertThat(ControlScan.next(bytes, from, to)).isEqualTo(oneByOne(bytes, from, to));
        }
    }

    private static int oneByOne(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] & 0xff) >= 0x20 && bytes[at] != 0x7f) {
            at++;
        }
        return at;
    }
}
