package dev.perimeter.proxy.xds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.xds.resource.cluster.DnsExtensionReader;
import dev.perimeter.proxy.xds.resource.cluster.PolicyExtensionReader;
import dev.perimeter.proxy.xds.resource.http.HttpManagerReader;
import dev.perimeter.proxy.xds.resource.http.RouteTableReader;
import dev.perimeter.proxy.xds.resource.listener.ConnectionLimitReader;
import dev.perimeter.proxy.xds.resource.listener.ListenerReader;
import dev.perimeter.proxy.xds.resource.listener.TcpProxyReader;
import dev.perimeter.proxy.xds.resource.tls.SecretReader;
import dev.perimeter.proxy.xds.resource.tls.TransportSocketReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every message that is read stands in one of the three lists, and does what its list says. */
class FieldListsTest {

    static Stream<FieldList> lists() {
        return Stream.of(
                        ListenerReader.FIELDS,
                        TransportSocketReader.SERVER,
                        TransportSocketReader.CLIENT,
                        TransportSocketReader.PROXY_FIELDS,
                        SecretReader.FIELDS,
                        ClusterReader.FIELDS,
                        EndpointsReader.FIELDS,
                        TcpProxyReader.FIELDS,
                        ConnectionLimitReader.FIELDS,
                        DnsExtensionReader.FIELDS,
                        UpstreamProtocolReader.FIELDS,
                        HttpManagerReader.FIELDS,
                        RouteTableReader.FIELDS)
                .flatMap(list -> Stream.concat(Stream.of(list), PolicyExtensionReader.lists().stream()))
                .flatMap(list -> list.all().stream())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("lists")
    void listedFields_areFieldsOfTheirMessage(FieldList list) {
        assertThat(list.listed())
                .allSatisfy(number -> assertThat(list.descriptor().findFieldByNumber(number))
                        .as("field #%s of %s", number, list.descriptor().getFullName())
                        .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("lists")
    void eachField_whenSet_isAcceptedNotedOrRefusedByItsName(FieldList list) throws IOException {
        for (FieldDescriptor field : list.descriptor().getFields()) {
            List<String> harmless = new ArrayList<>();
            Refusal refusal = list.check(withOnly(field), path -> harmless.add(path.get()));
            String path = field.isRepeated() ? field.getName() + "[0]" : field.getName();
            switch (list.classify(field.getNumber())) {
                case "honoured" -> assertThat(refusal).as(path).isNull();
                case "harmless" -> {
                    assertThat(refusal).as(path).isNull();
                    assertThat(harmless).containsExactly(path);
                }
                default -> {
                    assertThat(refusal).as(path).isNotNull();
                    assertThat(refusal.path()).isEqualTo(path);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    void fieldOfAFutureVersion_isRefusedByItsNumber(FieldList list) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeUInt32(50_000, 1);
        out.flush();
        assertThat(list.check(ByteString.copyFrom(bytes.toByteArray()), path -> {}))
                .isEqualTo(new Refusal("field #50000", "is not supported yet; remove it"));
    }

    /** A message in which the field is set, to nothing in particular. */
    private static ByteString withOnly(FieldDescriptor field) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        switch (field.getLiteType().getWireType()) {
            case 0 -> out.writeUInt32(field.getNumber(), 1);
            case 1 -> out.writeFixed64(field.getNumber(), 1);
            case 5 -> out.writeFixed32(field.getNumber(), 1);
            default -> out.writeByteArray(field.getNumber(), new byte[0]);
        }
        out.flush();
        return ByteString.copyFrom(bytes.toByteArray());
    }
}
