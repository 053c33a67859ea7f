package dev.perimeter.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private final Headers headers = received("Aa: 1\r\nBb:  2\r\nCc:3 \r\naA: 4\r\n");

    @Test
    void received_isWrittenAsItCame() {
        assertThat(written(headers)).isEqualTo("Aa: 1\r\nBb:  2\r\nCc:3\r\naA: 4\r\n");
    }

    @Test
    void edits_keepTheOrderOfTheRest() {
        headers.add("Dd", "5");
        headers.set("bb", "6");
        headers.remove("AA");
        headers.add("Ee", "7");
        assertThat(headers.size()).isEqualTo(4);
        assertThat(headers.get("BB")).isEqualTo("6");
        assertThat(written(headers)).isEqualTo("Cc:3\r\nDd: 5\r\nbb: 6\r\nEe: 7\r\n");
    }

    @Test
    void strings_followTheirFields() {
        assertThat(headers.value(3)).isEqualTo("4");
        headers.removeAt(0);
        assertThat(headers.name(2)).isEqualTo("aA");
        assertThat(headers.value(0)).isEqualTo("2");
        assertThat(headers.get("cc")).isEqualTo("3");
        assertThat(headers.get("none")).isNull();
        assertThat(headers.indexOf("aa", 0)).isEqualTo(2);
    }

    @Test
    void manyFields_growAsNeeded() {
        for (int i = 0; i < 100; i++) {
            headers.add("X" + i, "" + i);
        }
        assertThat(headers.get("x99")).isEqualTo("99");
        assertThat(headers.copy().size()).isEqualTo(104);
    }

    @Test
    void copy_isChangedOnItsOwn() {
        Headers copy = headers.copy();
        copy.remove("aa");
        copy.add("New", "1");
        assertThat(headers.size()).isEqualTo(4);
        assertThat(headers.contains("new")).isFalse();
        assertThat(copy.get("new")).isEqualTo("1");
    }

    @Test
    void nameThatIsNoToken_isAFault() {
        assertThatThrownBy(() -> headers.add("a b", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> headers.add("", "1")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Headers received(String lines) {
        byte[] block = lines.getBytes(StandardCharsets.ISO_8859_1);
        int[] spans = new int[64];
        int count = 0;
        int start = 0;
        for (String line : lines.split("\r\n")) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1);
            int lead = value.length() - value.stripLeading().length();
            spans[count * 4] = start;
            spans[count * 4 + 1] = start + colon;
            spans[count * 4 + 2] = start + colon + 1 + lead;
            spans[count * 4 + 3] = start + line.stripTrailing().length();
            start += line.length() + 2;
            count++;
        }
        return new Headers(block, spans, count);
    }

    private static String written(Headers headers) {
        ByteBuf out = Unpooled.buffer();
        headers.writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
