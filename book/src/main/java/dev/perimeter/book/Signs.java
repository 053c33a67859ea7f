package dev.perimeter.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes links between sources lead between pages, and links to code lead into the clone.
 *
 * <p>A text links to another, or to code, by the path between the two files of the clone, so that the link works where
 * the sources are read; in the site the files lie elsewhere.
 */
final class Signs {

    private static final Pattern LINK = Pattern.compile("href=\"([^\":#]+)\\.(?:adoc|html)(#[^\"]*)?\"");
    private static final Pattern CODE = Pattern.compile("href=\"([^\":#]+\\.java)\"");

    private final Path site;
    private final Map<Path, Path> targetBySource = new HashMap<>();

    Signs(Path site, List<Page> pages) {
        this.site = site;
        pages.forEach(page -> targetBySource.put(withoutSuffix(page.source()), page.target()));
    }

    /** Rewrites the links of a page that has been converted. */
    void turn(Page page) throws IOException {
        Path file = site.resolve(page.target());
        String html = Files.readString(file);
        String turned = LINK.matcher(html).replaceAll(match -> Matcher.quoteReplacement(turned(page, match)));
        Files.writeString(
                file, CODE.matcher(turned).replaceAll(match -> Matcher.quoteReplacement(toCode(page, match))));
    }

    /** A link to code that does not exist stays as it is, to be found broken. */
    private String toCode(Page page, MatchResult link) {
        Path code = page.source().resolveSibling(link.group(1)).normalize();
        if (!Files.exists(code)) {
            return link.group();
        }
        Path from = folder(site.resolve(page.target()).toAbsolutePath().normalize());
        return "href=\"" + from.relativize(code.toAbsolutePath()).toString().replace('\\', '/') + "\"";
    }

    private static Path folder(Path file) {
        return file.resolveSibling("").normalize();
    }

    private String turned(Page page, MatchResult link) {
        Path source = page.source().resolveSibling(link.group(1)).normalize();
        Path target = targetBySource.get(source);
        if (target == null) {
            return link.group();
        }
        String anchor = link.group(2) == null ? "" : link.group(2);
        return "href=\"" + page.rootPath() + target.toString().replace('\\', '/') + anchor + "\"";
    }

    private static Path withoutSuffix(Path source) {
        String name = source.toString();
        return Path.of(name.substring(0, name.lastIndexOf('.')));
    }
}
