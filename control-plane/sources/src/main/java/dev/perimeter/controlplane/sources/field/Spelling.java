package dev.perimeter.controlplane.sources.field;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses what a word was meant to be. */
final class Spelling {
    private Spelling() {}

    /** The known word that is so close that a slip of the fingers explains the other one; null if none is. */
    static @Nullable String nearest(String word, Collection<String> known) {
        String nearest = null;
        // Left unfinished, or with an ending too many.
        for (String candidate : known) {
            if (word.length() > 2 && (candidate.startsWith(word) || word.startsWith(candidate))) {
                nearest = candidate;
            }
        }
        if (nearest != null) {
            return nearest;
        }
        int best = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance, row by row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
