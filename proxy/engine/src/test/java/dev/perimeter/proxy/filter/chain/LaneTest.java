package dev.perimeter.proxy.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How parts of a request pass filters that wait, hold, change and inject: order, back-pressure and ownership. */
class LaneTest {

    private final List<String> out = new ArrayList<>();
    private final List<ByteBuf> made = new ArrayList<>();
    private RequestLane lane;

    /** Notes what reaches the end. */
    private final ChainEnd<RequestHead> end = new ChainEnd<>() {
        @Override
        public void head(RequestHead head, boolean endOfStream) {
            out.add("head");
        }

        @Override
        public void data(ByteBuf data, boolean endOfStream) {
            out.add(data.toString(StandardCharsets.US_ASCII) + (endOfStream ? "." : ""));
            data.release();
        }

        @Override
        public void trailers(Headers trailers) {
            out.add("trailers");
        }

        @Override
        public void failed(Failure failure) {
            out.add("failed " + failure.sentence());
        }

        @Override
        public void answered(ResponseHead answer, String details) {
            out.add("answered " + answer.status());
        }

        @Override
        public void waiting(boolean waits) {
            out.add(waits ? "stop" : "go");
        }

        @Override
        public void wantsContent() {
            out.add("continue");
        }
    };

    /** A filter whose answers a test writes. */
    private static class Scripted implements HttpFilter {
        Function<RequestHead, Verdict> head = head -> Verdict.NEXT;
        Function<ByteBuf, Verdict> data = data -> Verdict.NEXT;

        @Override
        public Verdict onRequestHead(RequestHead request, boolean endOfStream, Exchange exchange) {
            return head.apply(request);
        }

        @Override
        public Verdict onRequestData(ByteBuf part, boolean endOfStream, Exchange exchange) {
            return data.apply(part);
        }
    }

    private static final HttpFilter ROUTER = new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    };

    private final Scripted first = new Scripted();
    private final Scripted second = new Scripted();

    private void start() {
        Exchange exchange = (Exchange) Proxy.newProxyInstance(
                LaneTest.class.getClassLoader(), new Class<?>[] {Exchange.class}, (self, method, arguments) -> null);
        lane = new RequestLane(new HttpFilter[] {first, second, ROUTER}, exchange, end);
        lane.head(new RequestHead("POST", "http", "a", "/", "HTTP/1.1", new Headers()), false);
    }

    private ByteBuf bytes(String text) {
        ByteBuf buf = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        made.add(buf);
        return buf;
    }

    @AfterEach
    void everyPartWasReleased() {
        lane.close();
        assertThat(made).allSatisfy(buf -> assertThat(buf.refCnt()).isZero());
    }

    @Test
    void replacedData_goesOnInPlaceOfTheOld() {
        first.data = data -> new Verdict.Replace(bytes("<" + data.toString(StandardCharsets.US_ASCII) + ">"));
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), true);
        assertThat(out).containsExactly("head", "<a>", "<b>.");
    }

    @Test
    void filterThatWaits_stopsTheSource_andWhatComesNonethelessKeepsItsOrder() {
        first.data = data -> data.toString(StandardCharsets.US_ASCII).equals("a") ? Verdict.LATER : Verdict.NEXT;
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), false);
        lane.trailers(new Headers());
        assertThat(out).containsExactly("head", "stop");
        lane.resume(first, Verdict.NEXT);
        assertThat(out).containsExactly("head", "stop", "a", "b", "trailers", "go");
    }

    @Test
    void twoFiltersThatWait_goOnEachForItself_andTheSourceOnlyAfterBoth() {
        first.data = data -> data.toString(StandardCharsets.US_ASCII).equals("b") ? Verdict.LATER : Verdict.NEXT;
        second.data = data -> data.toString(StandardCharsets.US_ASCII).equals("a") ? Verdict.LATER : Verdict.NEXT;
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), false);
        lane.data(bytes("c"), true);
        lane.resume(first, Verdict.NEXT);
        assertThat(out).containsExactly("head", "stop");
        lane.resume(second, Verdict.NEXT);
        assertThat(out).containsExactly("head", "stop", "a", "b", "c.", "go");
    }

    @Test
    void injectedData_queuesBehindAFilterThatWaits_andBeforeWhatComesLater() {
        second.data = data -> data.toString(StandardCharsets.US_ASCII).equals("a") ? Verdict.LATER : Verdict.NEXT;
        start();
        lane.data(bytes("a"), false);
        lane.inject(first, bytes("x"), false);
        lane.data(bytes("b"), true);
        assertThat(lane.takes(first)).isFalse();
        lane.resume(second, Verdict.NEXT);
        assertThat(out).containsExactly("head", "stop", "a", "x", "b.", "go");
        assertThat(lane.takes(first)).isTrue();
    }

    @Test
    void heldHead_letsDataCome_andGoesFirstWhenLetGo() {
        first.head = head -> Verdict.HOLD;
        StringBuilder kept = new StringBuilder();
        first.data = data -> {
            kept.append(data.toString(StandardCharsets.US_ASCII));
            if (kept.length() < 2) {
                return Verdict.NOTHING;
            }
            lane.resume(first, Verdict.NEXT);
            return new Verdict.Replace(bytes(kept.toString()));
        };
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), true);
        assertThat(out).containsExactly("continue", "head", "ab.");
    }

    @Test
    void heldHead_ofARefusedRequest_neverGoesOn() {
        first.head = head -> Verdict.HOLD;
        first.data = data -> new Verdict.Reply(new Failure.Refused(413, "too_large", "too large", null));
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), true);
        lane.resume(first, Verdict.NEXT);
        assertThat(out).containsExactly("continue", "failed too large");
    }

    @Test
    void filterThatMakesMuchOfLittle_isAskedOnlyAsFastAsTheEndTakes() {
        int[] left = {4};
        first.data = data -> --left[0] == 0 ? new Verdict.Replace(bytes("last")) : new Verdict.More(bytes("more"));
        start();
        lane.endTakes(false);
        lane.data(bytes("zip"), true);
        assertThat(out).containsExactly("head", "stop");
        lane.endTakes(true);
        assertThat(out).containsExactly("head", "stop", "more", "more", "more", "last.", "go");
    }

    @Test
    void endThatTakesNothing_getsWhatWasHeldFirst() {
        start();
        lane.endTakes(false);
        lane.inject(first, bytes("a"), false);
        lane.data(bytes("b"), true);
        assertThat(out).containsExactly("head");
        assertThat(lane.takes(first)).isFalse();
        assertThat(lane.endTakes(true)).isTrue();
        assertThat(out).containsExactly("head", "a", "b.");
    }

    @Test
    void closedLane_letsGoOfAllThatItHolds() {
        first.data = data -> Verdict.LATER;
        start();
        lane.data(bytes("a"), false);
        lane.data(bytes("b"), false);
        lane.close();
        lane.resume(first, Verdict.NEXT);
        lane.inject(first, bytes("c"), true);
        lane.data(bytes("d"), true);
        assertThat(out).containsExactly("head", "stop");
    }

    @Test
    void laneClosedInsideAHook_passesNothingOn() {
        first.data = data -> {
            lane.close();
            return new Verdict.Replace(bytes("x"));
        };
        start();
        lane.data(bytes("a"), false);
        assertThat(out).containsExactly("head");
    }

    @Test
    void answer_endsTheRequest() {
        second.head = head -> new Verdict.Answer(new ResponseHead(204, "", new Headers()), "cors");
        start();
        lane.data(bytes("a"), true);
        assertThat(out).containsExactly("answered 204");
    }
}
