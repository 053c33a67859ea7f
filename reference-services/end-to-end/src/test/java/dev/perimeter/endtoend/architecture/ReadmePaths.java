package dev.perimeter.endtoend.architecture;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every path the README names leads somewhere. */
final class ReadmePaths {

    private static final String README = "README.adoc";
    private static final Pattern LINK = Pattern.compile("(?:link|image):{1,2}([^:\\[\\s]+)\\[");
    private static final Pattern PATH_IN_CODE = Pattern.compile(
            "`\\+?((?:proxy|gateway|control-plane|reference-services|labs|book|scripts)/[^`\\s+]*)\\+?[^`]*`");

    private ReadmePaths() {}

    static SourceRule rule() {
        return new SourceRule(
                "every path in the README exists",
                ReadmePaths::violations,
                Map.of(README, "See link:book/nowhere.adoc[the book] and `scripts/lost up`."));
    }

    static List<String> violations(Checkout checkout) {
        if (!checkout.files().contains(README)) {
            return List.of(README + " is missing");
        }
        String text = checkout.text(README);
        return Stream.concat(
                        LINK.matcher(text).results().map(match -> match.group(1)),
                        PATH_IN_CODE.matcher(text).results().map(match -> match.group(1)))
                .distinct()
                .filter(path -> !Files.exists(checkout.root().resolve(path)))
                .map(path -> README + " names " + path + ", which does not exist")
                .toList();
    }
}
