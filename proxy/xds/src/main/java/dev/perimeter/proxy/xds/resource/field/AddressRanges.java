package dev.perimeter.proxy.xds.resource.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.AddressRange;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Lists of addresses that begin alike. */
public final class AddressRanges {

    public static final FieldList FIELDS = FieldList.of(CidrRange::getDescriptor)
            .honoured(CidrRange.ADDRESS_PREFIX_FIELD_NUMBER, CidrRange.PREFIX_LEN_FIELD_NUMBER);

    private AddressRanges() {}

    public static List<AddressRange> read(List<CidrRange> ranges, String field, Place place) {
        List<AddressRange> read = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            Place here = place.in(field, i);
            try {
                InetAddress address = InetAddress.ofLiteral(ranges.get(i).getAddressPrefix());
                int bits = address.getAddress().length * 8;
                read.add(new AddressRange(
                        address, Amounts.between(0, bits, ranges.get(i).getPrefixLen(), here.in("prefix_len"))));
            } catch (IllegalArgumentException notLiteral) {
                here.in("address_prefix").refuse("`" + ranges.get(i).getAddressPrefix() + "` is not an IP address");
            }
        }
        return List.copyOf(read);
    }
}
