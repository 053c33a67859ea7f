package dev.perimeter.book;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Follows every link and picture of the pages that stays within the site. */
final class Links {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*|//.*");

    private final Path site;

    Links(Path site) {
        this.site = site;
    }

    /** A sentence for each link that leads nowhere. */
    List<String> broken(List<Page> pages) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Page page : pages) {
            Path file = site.resolve(page.target());
            List<String> links = LINK.matcher(Files.readString(file))
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .filter(link -> !ELSEWHERE.matcher(link).matches())
                    .distinct()
                    .toList();
            for (String link : links) {
                if (!leadsSomewhere(file, URI.create(link))) {
                    broken.add(page.target() + " links to " + link + ", which does not exist");
                }
            }
        }
        return broken;
    }

    private boolean leadsSomewhere(Path from, URI link) throws IOException {
        Path target = link.getPath().isEmpty() ? from : from.resolveSibling(link.getPath());
        if (!Files.exists(target)) {
            return false;
        }
        String fragment = link.getFragment();
        return fragment == null || Files.readString(target).contains("id=\"" + fragment + "\"");
    }
}
