package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which of many rules a path can take, in the order of the rules.
 *
 * <p>Implementation note. Exact paths and prefixes stand in one tree of their characters, runs without a branch in one
 * node. Walking a path down the tree meets every rule whose text begins that path, so the cost is that of the path's
 * length and of the few rules met. Since the first rule that matches wins, each node knows its rules by their position in
 * the list, and the smallest position of all nodes met is tried first. What is no plain text (regular expressions,
 * templates, comparisons without case) is a candidate for every path.
 */
final class PathIndex {

    private static final int[] NONE = {};

    /**
     * @param prefixes positions of the rules whose prefix ends here
     * @param elements of those whose prefix by whole elements does
     * @param exact of those whose whole path does
     */
    private record Node(String edge, int[] prefixes, int[] elements, int[] exact, char[] firsts, Node[] children) {

        @Nullable
        Node child(char first) {
            int at = java.util.Arrays.binarySearch(firsts, first);
            return at < 0 ? null : children[at];
        }
    }

    private static final class Entry {
        private final List<Integer> prefixes = new ArrayList<>();
        private final List<Integer> elements = new ArrayList<>();
        private final List<Integer> exact = new ArrayList<>();
    }

    private final @Nullable Node root;
    private final int[] anywhere;

    private PathIndex(@Nullable Node root, int[] anywhere) {
        this.root = root;
        this.anywhere = anywhere;
    }

    static PathIndex of(List<RouteRule> rules) {
        TreeMap<String, Entry> texts = new TreeMap<>();
        List<Integer> anywhere = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            switch (rules.get(i).route().match().path()) {
                case PathMatch.Exact(String path, boolean ignoreCase)
                when !ignoreCase ->
                    texts.computeIfAbsent(path, key -> new Entry()).exact.add(i);
                case PathMatch.Prefix(String prefix, boolean ignoreCase)
                when !ignoreCase ->
                    texts.computeIfAbsent(prefix, key -> new Entry()).prefixes.add(i);
                case PathMatch.ElementPrefix(String prefix, boolean ignoreCase)
                when !ignoreCase -> {
                    String text = prefix.substring(0, Matching.elementLength(prefix));
                    texts.computeIfAbsent(text, key -> new Entry()).elements.add(i);
                }
                default -> anywhere.add(i);
            }
        }
        List<Map.Entry<String, Entry>> sorted = List.copyOf(texts.entrySet());
        Node root = sorted.isEmpty() ? null : node(sorted, 0, sorted.size(), 0);
        return new PathIndex(root, array(anywhere));
    }

    /** A node for the texts {@code from} to {@code to}, which are sorted and alike in their first {@code depth} characters. */
    private static Node node(List<Map.Entry<String, Entry>> texts, int from, int to, int depth) {
        String first = texts.get(from).getKey();
        String last = texts.get(to - 1).getKey();
        int end = depth;
        while (end < first.length() && end < last.length() && first.charAt(end) == last.charAt(end)) {
            end++;
        }
        boolean ends = first.length() == end;
        Entry entry = ends ? texts.get(from).getValue() : new Entry();
        StringBuilder firsts = new StringBuilder();
        List<Node> children = new ArrayList<>();
        for (int at = ends ? from + 1 : from; at < to; ) {
            char c = texts.get(at).getKey().charAt(end);
            int next = at;
            while (next < to && texts.get(next).getKey().charAt(end) == c) {
                next++;
            }
            firsts.append(c);
            children.add(node(texts, at, next, end));
            at = next;
        }
        return new Node(
                first.substring(depth, end),
                array(entry.prefixes),
                array(entry.elements),
                array(entry.exact),
                firsts.toString().toCharArray(),
                children.toArray(Node[]::new));
    }

    private static int[] array(List<Integer> positions) {
        return positions.isEmpty()
                ? NONE
                : positions.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The position of the first rule that may take the path, or {@code Integer.MAX_VALUE}. Allocates nothing. */
    int first(String path) {
        int smallest = smallest(anywhere, Integer.MAX_VALUE);
        int at = 0;
        for (Node node = root; node != null && path.startsWith(node.edge, at); ) {
            at += node.edge.length();
            smallest = smallest(node.prefixes, smallest);
            if (at == path.length()) {
                return smallest(node.exact, smallest(node.elements, smallest));
            }
            char next = path.charAt(at);
            smallest = next == '/' ? smallest(node.elements, smallest) : smallest;
            node = node.child(next);
        }
        return smallest;
    }

    private static int smallest(int[] positions, int before) {
        return positions.length == 0 ? before : Math.min(before, positions[0]);
    }

    /** All rules that may take the path, in order. */
    Candidates candidates(String path) {
        Candidates found = new Candidates();
        found.add(anywhere);
        int at = 0;
        for (Node node = root; node != null && path.startsWith(node.edge, at); ) {
            at += node.edge.length();
            found.add(node.prefixes);
            if (at == path.length()) {
                found.add(node.elements);
                found.add(node.exact);
                break;
            }
            char next = path.charAt(at);
            if (next == '/') {
                found.add(node.elements);
            }
            node = node.child(next);
        }
        return found;
    }

    /** Several sorted lists of positions, read as one. */
    static final class Candidates {

        private final List<int[]> lists = new ArrayList<>(4);
        private int[] read = new int[4];

        private void add(int[] positions) {
            if (positions.length > 0) {
                lists.add(positions);
                if (lists.size() > read.length) {
                    read = java.util.Arrays.copyOf(read, read.length * 2);
                }
            }
        }

        /** The next position, or {@code Integer.MAX_VALUE} when there is none any more. */
        int next() {
            int smallest = Integer.MAX_VALUE;
            int of = -1;
            for (int i = 0; i < lists.size(); i++) {
                int[] list = lists.get(i);
                if (read[i] < list.length && list[read[i]] < smallest) {
                    smallest = list[read[i]];
                    of = i;
                }
            }
            if (of >= 0) {
                read[of]++;
            }
            return smallest;
        }
    }
}
