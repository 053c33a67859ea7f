package dev.perimeter.proxy.filters.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.random.RandomGenerator;

/** A share of all requests. @param of 100, 10,000 or 1,000,000 */
public record Fraction(long numerator, long of) {

    public static final Fraction NONE = new Fraction(0, 100);
    public static final Fraction ALL = new Fraction(100, 100);

    public static final FieldList FIELDS = FieldList.of(FractionalPercent::getDescriptor)
            .honoured(FractionalPercent.NUMERATOR_FIELD_NUMBER, FractionalPercent.DENOMINATOR_FIELD_NUMBER);

    /** There is no runtime layer here, so a key never finds another value. */
    public static final FieldList RUNTIME = FieldList.of(RuntimeFractionalPercent::getDescriptor)
            .inside(RuntimeFractionalPercent.DEFAULT_VALUE_FIELD_NUMBER, FIELDS)
            .harmless(RuntimeFractionalPercent.RUNTIME_KEY_FIELD_NUMBER);

    public static Fraction of(FractionalPercent percent, Field field) {
        long of = switch (percent.getDenominator()) {
            case HUNDRED -> 100;
            case TEN_THOUSAND -> 10_000;
            case MILLION -> 1_000_000;
            case UNRECOGNIZED -> {
                field.in("denominator").refuse(percent.getDenominatorValue() + " is no denominator");
                yield 100;
            }
        };
        return new Fraction(Math.min(Integer.toUnsignedLong(percent.getNumerator()), of), of);
    }

    public static Fraction of(RuntimeFractionalPercent percent, Field field) {
        if (!percent.hasDefaultValue()) {
            field.in("default_value").refuse("is missing");
        }
        return of(percent.getDefaultValue(), field.in("default_value"));
    }

    /** Whether this request is one of them; asks chance only if it has a say. */
    public boolean takes(RandomGenerator random) {
        return numerator > 0 && (numerator >= of || random.nextLong(of) < numerator);
    }

    /** The same, with no more than that many of {@link #of}. */
    public Fraction atMost(long most) {
        return most >= numerator ? this : new Fraction(Math.max(0, most), of);
    }
}
