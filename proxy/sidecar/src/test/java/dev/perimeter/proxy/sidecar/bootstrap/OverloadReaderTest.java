package dev.perimeter.proxy.sidecar.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Envoy's own example of an overload manager, and what is wrong with others. */
class OverloadReaderTest {

    private static final String ALL = """
        overload_manager:
          refresh_interval: 0.25s
          resource_monitors:
            - name: envoy.resource_monitors.fixed_heap
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig
                max_heap_size_bytes: "2147483648"
            - name: envoy.resource_monitors.global_downstream_max_connections
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
                max_active_downstream_connections: 1000
          actions:
            - name: envoy.overload_actions.shrink_heap
              triggers:
                - {name: envoy.resource_monitors.fixed_heap, threshold: {value: 0.95}}
            - name: envoy.overload_actions.reset_high_memory_stream
              triggers:
                - {name: envoy.resource_monitors.fixed_heap, threshold: {value: 0.9}}
            - name: envoy.overload_actions.disable_http_keepalive
              triggers:
                - name: envoy.resource_monitors.fixed_heap
                  scaled: {scaling_threshold: 0.8, saturation_threshold: 0.9}
          buffer_factory_config: {minimum_account_to_track_power_of_two: 16}
        layered_runtime:
          layers:
            - name: static
              static_layer:
                envoy: {resource_limits: {listener: {in: {connection_limit: 10}}}}
                envoy.resource_limits.listener.out.connection_limit: 20
        """;

    @Test
    void everything_isRead() {
        assertThat(read(ALL))
                .isEqualTo(new Parsed.Ok<>(new OverloadConfig(
                        Duration.ofMillis(250),
                        2_147_483_648L,
                        1000,
                        Map.of("in", 10, "out", 20),
                        16,
                        List.of(
                                new Trigger(Action.SHRINK_HEAP, Pressure.HEAP, 0.95, 0.95),
                                new Trigger(Action.RESET_HIGH_MEMORY_STREAM, Pressure.HEAP, 0.9, 0.9),
                                new Trigger(Action.DISABLE_HTTP_KEEPALIVE, Pressure.HEAP, 0.8, 0.9)))));
        assertThat(read("a: b")).isEqualTo(new Parsed.Ok<>(OverloadConfig.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.25s | 0.25 | overload_manager.refresh_interval: `0.25` must be a duration from 0.001s to 3600s",
                "\"2147483648\" | 0 | overload_manager.resource_monitors[0].typed_config.max_heap_size_bytes:"
                        + " `0` must be a whole number above zero",
                "value: 0.95 | value: 2 | overload_manager.actions[0].triggers[0].threshold.value:"
                        + " `2` must be a number from 0 to 1",
                "saturation_threshold: 0.9 | saturation_threshold: 0.7 | overload_manager.actions[2].triggers[0].scaled"
                        + ".scaling_threshold: 0.8 must be less than saturation_threshold, 0.7",
                "two: 16 | two: 9 | overload_manager.buffer_factory_config.minimum_account_to_track_power_of_two:"
                        + " 9 must be between 10 and 56",
                "buffer_factory_config: {minimum_account_to_track_power_of_two: 16} | ''"
                        + " | overload_manager.actions[1].name: `envoy.overload_actions.reset_high_memory_stream`"
                        + " needs overload_manager.buffer_factory_config",
                "limit: 10 | limit: x | layered_runtime.layers[0].static_layer"
                        + ".envoy.resource_limits.listener.in.connection_limit: `x` must be a whole number above zero"
            })
    void wrongValue_isRefusedByItsPath(String right, String wrong, String sentence) {
        assertThat(read(ALL.replace(right, wrong)))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.sentence()).isEqualTo(sentence));
    }

    private static Parsed<OverloadConfig> read(String yaml) {
        Section.Findings findings = new Section.Findings();
        Map<?, ?> tree = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return findings.outcome(OverloadReader.read(new Section(tree, "", findings)));
    }
}
