package dev.perimeter.proxy.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Generates requests from a seed: good ones, and ones with one to three twists. Equal seeds give equal requests. */
final class Requests {

    private static final List<String> TARGETS = List.of(
            "/", "/orders", "/orders/1?x=1&y=%20", "/a;b=c/d", "/~me/%C3%A9", "/x?", "/very/" + "long/".repeat(40));
    private static final List<String> FIELDS = List.of(
            "Accept: */*",
            "User-Agent: test/1.0 (one; two)",
            "Cookie: a=b; c=d",
            "X-Empty:",
            "x-CASE: Kept",
            "Authorization: Basic bWU6eW91",
            "X-Long: " + "v".repeat(300),
            "If-None-Match: \"1\", W/\"2\"");

    record Case(int number, List<Twist> twists, byte[] bytes) {

        boolean has(String twist) {
            return twists.stream().anyMatch(each -> each.name().equals(twist));
        }

        @Override
        public String toString() {
            return "case " + number + " ("
                    + (twists.isEmpty()
                            ? "good"
                            : twists.stream().map(Twist::name).collect(Collectors.joining(" + ")))
                    + ")";
        }
    }

    private Requests() {}

    /** First each twist alone, then as many random ones as it takes. */
    static List<Case> generate(long seed, int count) {
        Random random = new Random(seed);
        List<Case> cases = new ArrayList<>();
        for (Twist twist : Twist.ALL) {
            cases.add(make(cases.size(), List.of(twist), random));
        }
        while (cases.size() < count) {
            List<Twist> twists = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Twist twist = Twist.ALL.get(random.nextInt(Twist.ALL.size()));
                if (!twists.contains(twist)) {
                    twists.add(twist);
                }
            }
            cases.add(make(cases.size(), List.copyOf(twists), random));
        }
        return cases;
    }

    private static Case make(int number, List<Twist> twists, Random random) {
        Draft draft = new Draft();
        draft.target = TARGETS.get(random.nextInt(TARGETS.size()));
        draft.field("Host: shop.example");
        int first = random.nextInt(FIELDS.size());
        for (int i = random.nextInt(3); i > 0; i--) {
            draft.field(FIELDS.get((first + i) % FIELDS.size()));
        }
        draft.field("Connection: close");
        switch (random.nextInt(6)) {
            case 0 -> draft.content("x".repeat(random.nextInt(2000)));
            case 1 -> draft.chunked("4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n");
            case 2 -> draft.method = "DELETE";
            default -> draft.method = "GET";
        }
        twists.forEach(twist -> twist.change().accept(draft));
        return new Case(number, twists, draft.bytes());
    }
}
