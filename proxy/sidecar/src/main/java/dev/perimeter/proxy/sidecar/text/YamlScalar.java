package dev.perimeter.proxy.sidecar.text;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What a scalar is, by the rules of Envoy's reader (yaml-cpp, which is of YAML 1.1). What is in quotes is a text. Numbers
 * that are not whole, or do not fit 32 bits, stay texts too: protobuf's JSON reads them as numbers where one belongs, and
 * a version like {@code 1.10} stays what it is where a text does.
 */
final class YamlScalar {

    private static final Map<String, Boolean> TRUTHS = Map.of(
            "y", true, "yes", true, "true", true, "on", true, "n", false, "no", false, "false", false, "off", false);

    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");

    /** A number that begins with a zero is octal. */
    private static final Pattern WHOLE = Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))");

    private YamlScalar() {}

    /** A Boolean, an Integer, a String or null. */
    static @Nullable Object of(ScalarNode scalar) {
        String text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return text;
        }
        if (NULL.matcher(text).matches()) {
            return null;
        }
        Boolean truth = isOneCase(text) ? TRUTHS.get(text.toLowerCase(Locale.ROOT)) : null;
        if (truth != null) {
            return truth;
        }
        BigInteger whole = whole(text);
        if (whole == null) {
            return text;
        }
        return whole.bitLength() < Integer.SIZE ? (Object) whole.intValue() : whole.toString();
    }

    /** {@code yes}, {@code Yes} and {@code YES}, but not {@code yEs}. */
    private static boolean isOneCase(String text) {
        String rest = text.substring(1);
        return text.equals(text.toLowerCase(Locale.ROOT))
                || (Character.isUpperCase(text.charAt(0))
                        && (rest.equals(rest.toLowerCase(Locale.ROOT)) || rest.equals(rest.toUpperCase(Locale.ROOT))));
    }

    private static @Nullable BigInteger whole(String text) {
        var number = WHOLE.matcher(text);
        if (!number.matches() || text.length() > 20) {
            return null;
        }
        String hexadecimal = number.group(2);
        String octal = number.group(3);
        BigInteger magnitude = hexadecimal != null
                ? new BigInteger(hexadecimal, 16)
                : octal != null ? new BigInteger(octal, 8) : new BigInteger(number.group(4));
        BigInteger signed = text.startsWith("-") ? magnitude.negate() : magnitude;
        return signed.bitLength() < Long.SIZE ? signed : null;
    }
}
