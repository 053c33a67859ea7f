package dev.perimeter.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.gateway.filters.GatewayFilters;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filters.BuiltInFilters;
import dev.perimeter.proxy.xds.resource.http.connection.AccessLogReader;
import dev.perimeter.proxy.xds.resource.listener.ConnectionLimitReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of the catalogues is without a page, and the pages say what the proxy does. */
class ReferenceTest {

    @TempDir
    Path folder;

    @Test
    void write_eachFilterAndEachPolicy_hasAPageWithItsExample_thatTheIndexNames() throws IOException {
        List<Page> pages = Reference.write(folder);

        List<Class<?>> types = Stream.of(
                        Stream.concat(BuiltInFilters.all().stream(), GatewayFilters.all().stream())
                                .<Class<?>>map(FilterKind::getClass),
                        Balancers.ALL.stream().<Class<?>>map(BalancerKind::getClass),
                        Stream.<Class<?>>of(ConnectionLimitReader.class, AccessLogReader.class))
                .<Class<?>>flatMap(each -> each)
                .toList();
        assertThat(pages).hasSize(types.size() + 1).extracting(Page::target).doesNotHaveDuplicates();
        String index = Files.readString(pages.getFirst().source());
        for (Page page : pages.subList(1, pages.size())) {
            assertThat(index).contains("link:" + Path.of("reference").relativize(page.target()) + "[");
        }
        for (Class<?> type : types) {
            Example example = Example.of(type);
            assertThat(pages)
                    .anySatisfy(page -> assertThat(page.source())
                            .content()
                            .contains(type.getName(), example.description(), example.caption(), example.yaml()));
        }
    }

    @Test
    void page_listsEachField_withWhatBecomesOfIt() throws IOException {
        Reference.write(folder);

        assertThat(folder.resolve("filters/buffer.adoc"))
                .content()
                .startsWith("= HTTP filter buffer\n\nWaits for the whole request")
                .contains(
                        "`+type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute+`",
                        "| `+max_request_bytes+`\n| honoured\n",
                        "| `+buffer+`\n| honoured\n| see <<buffer,Buffer>>\n");
        assertThat(folder.resolve("filters/router.adoc"))
                .content()
                .contains(
                        "| `+dynamic_stats+`\n| harmless\n",
                        "| `+upstream_log+`\n| refused\n| is not supported yet; remove it\n");
        assertThat(folder.resolve("filters/grpc_web.adoc")).content().contains("There is nothing to be set.");
        assertThat(folder.resolve("network-filters/connection_limit.adoc"))
                .content()
                .startsWith("= Network filter connection_limit\n\nBounds how many connections")
                .contains("| `+delay+`\n| honoured\n", "| `+runtime_key+`\n| harmless\n");
        assertThat(folder.resolve("access-logs/access_log.adoc"))
                .content()
                .startsWith("= Access logs: access_log\n\nWrites a line for each request")
                .contains(
                        "| `+status_code_filter+`\n| honoured\n",
                        "| `+grpc_status_filter+`\n| refused\n",
                        "=== StdoutAccessLog\n",
                        "=== FileAccessLog\n");
        assertThat(folder.resolve("balancers/ring_hash.adoc"))
                .content()
                .contains("`+lb_policy: RING_HASH+`", "| `+minimum_ring_size+`\n| honoured\n");
    }

    @Test
    void exampleThatIsMissing_orSaysNotWhatItIsFor_isNamed() {
        assertThatThrownBy(() -> Example.of(ReferenceTest.class))
                .hasMessage(
                        "ReferenceTest.yaml is missing among the resources beside " + ReferenceTest.class.getName());
        assertThatThrownBy(() -> Example.read("Some.yaml", "http_filters: []\n"))
                .hasMessageStartingWith("Some.yaml must begin with a comment");
        assertThatThrownBy(() -> Example.read("Some.yaml", "# Does something.\nhttp_filters: []\n"))
                .hasMessageContaining("The example");
    }
}
