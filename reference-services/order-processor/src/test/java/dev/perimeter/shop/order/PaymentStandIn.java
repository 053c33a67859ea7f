package dev.perimeter.shop.order;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A payment on a socket that follows a script. Scripts hang on the card token, so that every test has payment for
 * itself while the loop goes on repeating the calls of others.
 */
abstract class PaymentStandIn implements AutoCloseable {

    /** What happens to one call. */
    enum Act {
        /** The charge is made, or found, and told. Also what happens when a script is over. */
        ANSWER,
        /** The charge is made, and the connection is reset before the answer. */
        CHARGE_AND_RESET,
        /** The connection is reset after half of the answer. */
        RESET_MIDWAY,
        /** The answer stops half way, and the connection stays open. */
        STALL_MIDWAY,
        /** Nothing is ever answered. */
        HANG,
        /** Payment is broken: 503, UNAVAILABLE. */
        FAIL,
        /** Something on the way says no: 403, PERMISSION_DENIED. */
        FORBID,
        /** A reply that no payment would give. */
        NONSENSE,
        /** Payment's own no: 422, ALREADY_EXISTS. */
        REFUSE
    }

    /** @param headers by lower-case name */
    record Call(String key, long amount, String currency, Map<String, String> headers) {}

    private final Map<String, Queue<Act>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private final Map<String, String> charges = new ConcurrentHashMap<>();

    /** The settings that lead an order processor to it. */
    abstract String[] settings();

    @Override
    public abstract void close();

    final void script(String card, Act... acts) {
        scripts.put(card, new ArrayDeque<>(Arrays.asList(acts)));
    }

    final List<Call> calls(String card) {
        return calls.getOrDefault(card, List.of());
    }

    final boolean charged(String key) {
        return charges.containsKey(key);
    }

    /** Notes a call and tells what is to happen to it. */
    final Act next(String card, Call call) {
        calls.computeIfAbsent(card, _ -> new CopyOnWriteArrayList<>()).add(call);
        var script = scripts.get(card);
        if (script == null) {
            return Act.ANSWER;
        }
        synchronized (script) {
            var act = script.poll();
            return act == null ? Act.ANSWER : act;
        }
    }

    /** The id of the key's one charge. */
    final String charge(String key) {
        return charges.computeIfAbsent(key, _ -> "charge-" + key);
    }

    static boolean declines(String card) {
        return card.startsWith("tok_poor");
    }
}
