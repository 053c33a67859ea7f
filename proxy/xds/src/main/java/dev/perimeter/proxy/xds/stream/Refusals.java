package dev.perimeter.proxy.xds.stream;

import java.util.List;

/** What a NACK says: a sentence for each resource that was refused, as many as fit. */
final class Refusals {

    /** Servers log it, and gRPC bounds a message at 4 MiB; people read the first few. */
    private static final int LONGEST = 4096;

    private Refusals() {}

    static String text(List<String> sentences) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences.size(); i++) {
            String sentence = sentences.get(i);
            if (i > 0 && text.length() + sentence.length() > LONGEST) {
                return text.append("; and ")
                        .append(sentences.size() - i)
                        .append(" more")
                        .toString();
            }
            text.append(i == 0 ? "" : "; ");
            text.append(sentence, 0, Math.min(sentence.length(), LONGEST));
        }
        return text.toString();
    }
}
