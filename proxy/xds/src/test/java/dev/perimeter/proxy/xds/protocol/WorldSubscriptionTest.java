package dev.perimeter.proxy.xds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorldSubscriptionTest {

    private final WorldSubscription clusters = subscribed();
    private final WorldSubscription endpoints = new WorldSubscription(ResourceType.ENDPOINTS);

    @Test
    void wildcardType_firstRequest_hasNeitherVersionNorNonceNorNames() {
        assertThat(clusters.streamOpened(Map.of(), true)).isEqualTo(ask(ResourceType.CLUSTER, "", "", null));
    }

    @Test
    void namedType_withoutNames_staysSilent() {
        assertThat(endpoints.streamOpened(Map.of(), true)).isNull();
        assertThat(endpoints.asked()).isFalse();
    }

    @Test
    void namedType_firstNames_makeTheFirstRequest() {
        endpoints.streamOpened(Map.of(), true);
        assertThat(endpoints.subscribe(Set.of("b", "a")))
                .isEqualTo(ask(ResourceType.ENDPOINTS, "", "", null, "a", "b"));
        assertThat(endpoints.asked()).isTrue();
    }

    @Test
    void sameNames_again_sendNothing() {
        endpoints.streamOpened(Map.of(), true);
        endpoints.subscribe(Set.of("a"));
        assertThat(endpoints.subscribe(Set.of("a"))).isNull();
    }

    @Test
    void acceptedResponse_isAckedWithItsVersionAndNonce() {
        clusters.streamOpened(Map.of(), true);
        assertThat(clusters.accepted(answer("7", "n1"))).isEqualTo(ask(ResourceType.CLUSTER, "7", "n1", null));
    }

    @Test
    void refusedResponse_isNackedWithTheLastGoodVersionAndTheNewNonce() {
        clusters.streamOpened(Map.of(), true);
        clusters.accepted(answer("7", "n1"));
        assertThat(clusters.refused(answer("8", "n2"), "no")).isEqualTo(ask(ResourceType.CLUSTER, "7", "n2", "no"));
        assertThat(clusters.version()).isEqualTo("7");
    }

    @Test
    void newNames_afterAnAck_carryVersionAndNonceOfThatType() {
        endpoints.streamOpened(Map.of(), true);
        endpoints.subscribe(Set.of("a"));
        endpoints.accepted(answer("3", "n3"));
        assertThat(endpoints.subscribe(Set.of("a", "b")))
                .isEqualTo(ask(ResourceType.ENDPOINTS, "3", "n3", null, "a", "b"));
    }

    @Test
    void noNamesAnyMore_unsubscribesFromAll() {
        endpoints.streamOpened(Map.of(), true);
        endpoints.subscribe(Set.of("a"));
        endpoints.accepted(answer("3", "n3"));
        assertThat(endpoints.subscribe(Set.of())).isEqualTo(ask(ResourceType.ENDPOINTS, "3", "n3", null));
    }

    @Test
    void newStream_tellsTheLastVersionWithoutNonce() {
        clusters.streamOpened(Map.of(), true);
        clusters.accepted(answer("7", "n1"));
        clusters.refused(answer("8", "n2"), "no");
        clusters.streamClosed();
        assertThat(clusters.streamOpened(Map.of(), true)).isEqualTo(ask(ResourceType.CLUSTER, "7", "", null));
    }

    @Test
    void newStream_withSomethingMissing_tellsNoVersionSoThatAllIsSentAgain() {
        endpoints.streamOpened(Map.of(), true);
        endpoints.subscribe(Set.of("a"));
        endpoints.accepted(answer("3", "n3"));
        endpoints.streamClosed();
        assertThat(endpoints.subscribe(Set.of("a", "b"))).isNull();
        assertThat(endpoints.streamOpened(Map.of(), false))
                .isEqualTo(ask(ResourceType.ENDPOINTS, "", "", null, "a", "b"));
    }

    private static WorldSubscription subscribed() {
        WorldSubscription clusters = new WorldSubscription(ResourceType.CLUSTER);
        clusters.subscribe(Set.of(Subscription.ALL));
        return clusters;
    }

    private static Answer answer(String version, String nonce) {
        return new Answer("any", version, nonce, List.of(), List.of());
    }

    private static Ask ask(ResourceType type, String version, String nonce, String error, String... names) {
        return new Ask.World(type, version, nonce, List.of(names), error);
    }
}
