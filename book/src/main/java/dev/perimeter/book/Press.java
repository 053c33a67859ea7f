package dev.perimeter.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;

/**
 * Turns pages into HTML with one Asciidoctor for all of them: starting it takes most of the time.
 *
 * <p>The pages may include any file of the clone ({@code {checkout}} is its root), because the code they show is the
 * code that is built and tested.
 */
final class Press {

    private final Path checkout;
    private final Path site;

    Press(Path checkout, Path site) {
        this.checkout = checkout;
        this.site = site;
    }

    /** Writes all pages and what they need; returns what is wrong with them, a sentence each. */
    List<String> print(List<Page> pages) throws IOException {
        List<String> complaints = new ArrayList<>();
        Files.createDirectories(site);
        copyFolder(checkout.resolve("book/src/figures"), site.resolve("figures"));
        Files.copy(
                checkout.resolve("book/src/style/book.css"),
                site.resolve("book.css"),
                StandardCopyOption.REPLACE_EXISTING);
        Path lists = Contents.write(pages, checkout.resolve("book/src/release-notes"), site.resolve("contents"));
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
            // Asciidoctor also prints what it warns of; once, with the page named, is enough.
            Logger.getLogger("asciidoctor").setUseParentHandlers(false);
            Complaints log = new Complaints(complaints);
            asciidoctor.registerLogHandler(log);
            for (Page page : pages) {
                log.reading(checkout.relativize(page.source()));
                asciidoctor.convertFile(page.source().toFile(), options(page, lists));
            }
        }
        Signs signs = new Signs(site, pages);
        for (Page page : pages) {
            signs.turn(page);
        }
        complaints.addAll(new Links(site).broken(pages));
        return complaints;
    }

    private Options options(Page page, Path lists) throws IOException {
        Path file = site.resolve(page.target());
        Files.createDirectories(folderOf(file));
        Attributes attributes = Attributes.builder()
                .attribute("checkout", checkout.toString())
                .attribute("contents", lists.toString())
                .attribute("figures", page.rootPath() + "figures")
                .attribute("docinfodir", checkout.resolve("book/src/style").toString())
                .attribute("docinfo", "shared")
                .attribute("root", page.rootPath())
                .attribute("attribute-missing", "warn")
                .attribute("webfonts!", "")
                .attribute("linkcss", "")
                .attribute("stylesdir", page.rootPath().isEmpty() ? "." : page.rootPath())
                .attribute("stylesheet", "book.css")
                .attribute("copycss!", "")
                .attribute("source-highlighter", "rouge")
                .attribute("rouge-css", "style")
                .attribute("rouge-style", "github")
                .attribute("sectanchors", "")
                .attribute("idprefix", "")
                .attribute("idseparator", "-")
                .attribute("experimental", "")
                .attribute("nofooter", "")
                .build();
        return Options.builder()
                .safe(SafeMode.UNSAFE)
                .backend("html5")
                .standalone(true)
                .mkDirs(true)
                .toFile(file.toFile())
                .attributes(attributes)
                .build();
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Path folderOf(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException(file + " is in no folder");
        }
        return folder;
    }
}
