package dev.perimeter.labs.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: columns as wide as their widest cell, the last one free. */
public final class Columns {
    private final List<List<String>> rows = new ArrayList<>();

    /** @param head the words above the columns */
    public Columns(List<String> head) {
        rows.add(head);
    }

    /** Adds a row with as many cells as the head has. */
    public void add(List<String> row) {
        rows.add(row);
    }

    /** Whether there is nothing below the head. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** Prints head and rows. */
    public void print(PrintWriter out) {
        int last = rows.getFirst().size() - 1;
        int[] widths = new int[last];
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.append(row.get(last)).toString().stripTrailing());
        }
    }
}
