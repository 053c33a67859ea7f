package dev.perimeter.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page of the book.
 *
 * @param source the AsciiDoc file, absolute
 * @param target where the HTML goes, relative to the site, so that links between sources hold between pages
 */
record Page(Path source, Path target) {

    private static final String BOOK = "book/src";

    /** Index, chapters, decisions, and the text of every lab there is. */
    static List<Page> allOf(Path checkout) throws IOException {
        Path book = checkout.resolve(BOOK);
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(book, 2)) {
            files.filter(file -> file.toString().endsWith(".adoc"))
                    .filter(file -> file.startsWith(book.resolve("chapters"))
                            || file.startsWith(book.resolve("adr"))
                            || file.equals(book.resolve("index.adoc")))
                    .map(file -> new Page(file, html(book.relativize(file).toString())))
                    .forEach(pages::add);
        }
        try (Stream<Path> labs = Files.list(checkout.resolve("labs"))) {
            labs.map(lab -> lab.resolve("lab.adoc"))
                    .filter(Files::exists)
                    .map(text -> new Page(text, html("labs/" + nameOfFolder(text) + ".adoc")))
                    .forEach(pages::add);
        }
        pages.sort(Comparator.comparing(page -> page.target().toString()));
        return List.copyOf(pages);
    }

    /** The title: the text of the line that starts with one equals sign. */
    String title() throws IOException {
        try (Stream<String> lines = Files.lines(source)) {
            return lines.filter(line -> line.startsWith("= "))
                    .findFirst()
                    .map(line -> line.substring(2))
                    .orElseThrow(
                            () -> new IOException(source + " has no title: its first line must start with \"= \""));
        }
    }

    /** From this page's folder up to the root of the site: empty, or a path that ends with a slash. */
    String rootPath() {
        return "../".repeat(target.getNameCount() - 1);
    }

    private static Path html(String adoc) {
        return Path.of(adoc.substring(0, adoc.length() - ".adoc".length()) + ".html");
    }

    private static String nameOfFolder(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }
}
