package dev.perimeter.endtoend.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The root and each folder of code have a README, and every path that a README names leads somewhere. */
final class ReadmePaths {

    private static final String README = "README.adoc";
    private static final List<String> FOLDERS =
            List.of("", "proxy/", "gateway/", "control-plane/", "reference-services/", "labs/");

    /** Leads from the folder of the README. */
    private static final Pattern LINK = Pattern.compile("(?:link|image):{1,2}([^:\\[\\s]+)\\[");

    /** Leads from the root, wherever it is written. */
    private static final Pattern PATH_IN_CODE = Pattern.compile(
            "`\\+?((?:proxy|gateway|control-plane|reference-services|labs|book|scripts)/[^`\\s+]*)\\+?[^`]*`");

    private ReadmePaths() {}

    static Stream<SourceRule> rules() {
        return Stream.of(
                new SourceRule(
                        "the root and each folder of code say where to start",
                        ReadmePaths::missing,
                        Map.of("proxy/engine/pom.xml", "")),
                new SourceRule(
                        "every path in a README exists",
                        ReadmePaths::lost,
                        Map.of(README, "See link:book/nowhere.adoc[the book] and `scripts/lost up`.")));
    }

    private static List<String> missing(Checkout checkout) {
        return FOLDERS.stream()
                .map(folder -> folder + README)
                .filter(readme -> !checkout.files().contains(readme))
                .map(readme -> readme + " is missing: say what the folder is, and where to start")
                .toList();
    }

    private static List<String> lost(Checkout checkout) {
        return checkout.files().stream()
                .filter(file -> Path.of(file).endsWith(README))
                .flatMap(readme -> lost(checkout, readme))
                .toList();
    }

    private static Stream<String> lost(Checkout checkout, String readme) {
        String text = checkout.text(readme);
        Path folder = Objects.requireNonNull(checkout.root().resolve(readme).getParent());
        return Stream.concat(
                        named(LINK, text, folder::resolve),
                        named(PATH_IN_CODE, text, path -> checkout.root().resolve(path)))
                .distinct()
                .map(path -> readme + " names " + path + ", which does not exist");
    }

    private static Stream<String> named(Pattern pattern, String text, Function<String, Path> place) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .filter(path -> !Files.exists(place.apply(path)));
    }
}
