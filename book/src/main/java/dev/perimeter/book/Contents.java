package dev.perimeter.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes the lists that the index includes, one for each folder of pages, so that no page can be forgotten. */
final class Contents {

    private static final List<String> FOLDERS = List.of("chapters", "adr", "labs");

    private Contents() {}

    /**
     * Writes {@code chapters.adoc}, {@code adr.adoc}, {@code labs.adoc} and, out of the fragments of the folder
     * {@code news}, {@code news.adoc} into the folder {@code lists}, and returns that.
     */
    static Path write(List<Page> pages, Path news, Path lists) throws IOException {
        Files.createDirectories(lists);
        for (String folder : FOLDERS) {
            StringBuilder list = new StringBuilder();
            for (Page page : pages) {
                if (page.target().startsWith(folder)) {
                    list.append("* link:")
                            .append(page.target().toString().replace('\\', '/'))
                            .append('[')
                            .append(page.title().replace("]", "\\]"))
                            .append("]\n");
                }
            }
            Files.writeString(lists.resolve(folder + ".adoc"), list);
        }
        Files.writeString(lists.resolve("news.adoc"), fragments(news));
        return lists;
    }

    private static String fragments(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file).strip()).append('\n');
            }
        }
        return all.toString();
    }
}
