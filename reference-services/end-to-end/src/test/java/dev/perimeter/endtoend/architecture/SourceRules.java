package dev.perimeter.endtoend.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold of the files of a clone, whatever is compiled. */
final class SourceRules {

    private static final Set<String> ROOT_FILES = Set.of("README.adoc", "pom.xml", "LICENSE");
    private static final Set<String> ROOT_FOLDERS =
            Set.of("proxy", "gateway", "control-plane", "reference-services", "labs", "book", "scripts");
    private static final Pattern VAGUE_PACKAGE =
            Pattern.compile("(^|/)(utils?|commons?|helpers?|impl|managers?|misc)(/|$)");
    private static final Pattern VAGUE_CLASS = Pattern.compile(".*(Utils?|Helpers?|Manager)\\.java");
    private static final int FILES_IN_A_PACKAGE = 15;
    private static final Pattern START_HERE = Pattern.compile("Start[\\s*]+here");

    /** Spelt in two halves, because this file is searched as well. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private static final Pattern SHOP_WORDS =
            Pattern.compile("(?i)payment|charge|order-?processor|/orders|\\bmoney\\b|OrderId|placeOrder");
    private static final Pattern MESH_CODE =
            Pattern.compile("(proxy/(engine|filters|xds|sidecar)|gateway/[^/]+|control-plane/[^/]+)/src/main/java/.*");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)//[^\\n]*", Pattern.DOTALL);

    private SourceRules() {}

    static Stream<SourceRule> all() {
        Stream<SourceRule> own = Stream.of(
                new SourceRule("the root holds nothing of its own", SourceRules::root, Map.of("notes.txt", "")),
                new SourceRule(
                        "packages are named for a thing of the field",
                        SourceRules::packageNames,
                        Map.of("proxy/engine/src/main/java/dev/perimeter/proxy/util/A.java", "")),
                new SourceRule(
                        "classes are named for what they are",
                        SourceRules::classNames,
                        Map.of("proxy/engine/src/main/java/dev/perimeter/proxy/http/HeaderUtils.java", "")),
                new SourceRule(
                        "a package holds at most " + FILES_IN_A_PACKAGE + " files, and so do its tests",
                        SourceRules::packageSize,
                        IntStream.rangeClosed(0, FILES_IN_A_PACKAGE)
                                .boxed()
                                .collect(Collectors.toMap(n -> "book/src/main/java/crowded/A" + n + ".java", n -> ""))),
                new SourceRule(
                        "every package has a signpost and is null-marked",
                        SourceRules::signposts,
                        Map.of("book/src/main/java/dev/perimeter/book/A.java", "class A {}")),
                new SourceRule(
                        "nothing is left for later",
                        SourceRules::unfinished,
                        Map.of("scripts/a.sh", "# TO" + "DO: finish")),
                new SourceRule(
                        "the mesh says nothing of the shop",
                        SourceRules::dumbPipes,
                        Map.of(
                                "gateway/filters/src/main/java/dev/perimeter/gateway/filters/A.java",
                                "class A { String name = \"payment\"; }")),
                FileBudget.rule());
        return Stream.concat(own, ReadmePaths.rules());
    }

    private static List<String> root(Checkout checkout) {
        return checkout.files().stream()
                .filter(file -> {
                    String first = file.split("/", 2)[0];
                    return !first.startsWith(".") && !(file.contains("/") ? ROOT_FOLDERS : ROOT_FILES).contains(first);
                })
                .map(file -> file + " does not belong in the root: it holds only " + ROOT_FILES
                        + ", dot-files and the folders " + ROOT_FOLDERS)
                .toList();
    }

    private static List<String> packageNames(Checkout checkout) {
        return checkout.javaFiles()
                .map(SourceRules::folder)
                .distinct()
                .filter(folder -> VAGUE_PACKAGE.matcher(folder).find())
                .map(folder -> folder + " has a name that says nothing: name the package for what it does")
                .toList();
    }

    private static List<String> classNames(Checkout checkout) {
        return checkout.javaFiles()
                .filter(file -> VAGUE_CLASS.matcher(file).matches())
                .map(file -> file + " has a name that says nothing: name the class for what it is")
                .toList();
    }

    private static List<String> packageSize(Checkout checkout) {
        Map<String, Long> sizes = checkout.javaFiles()
                .filter(file -> !file.endsWith("/package-info.java"))
                .collect(Collectors.groupingBy(SourceRules::folder, TreeMap::new, Collectors.counting()));
        return sizes.entrySet().stream()
                .filter(entry -> entry.getValue() > FILES_IN_A_PACKAGE)
                .map(entry -> entry.getKey() + " holds " + entry.getValue() + " files: split it, " + FILES_IN_A_PACKAGE
                        + " is the limit")
                .toList();
    }

    private static List<String> signposts(Checkout checkout) {
        return checkout.mainJavaFiles()
                .map(SourceRules::folder)
                .distinct()
                .map(folder -> folder + "/package-info.java")
                .filter(signpost -> !checkout.files().contains(signpost)
                        || !checkout.text(signpost).contains("@NullMarked")
                        || !START_HERE.matcher(checkout.text(signpost)).find())
                .map(signpost -> signpost + " must exist, say \"Start here\" and carry @NullMarked")
                .toList();
    }

    private static List<String> unfinished(Checkout checkout) {
        return checkout.files().stream()
                .filter(file -> !file.matches(".*\\.(png|jar|zip|ico|gz)"))
                .filter(file -> UNFINISHED.matcher(checkout.text(file)).find())
                .map(file -> file + " holds a note to finish something: finish it, or take the note out")
                .toList();
    }

    private static List<String> dumbPipes(Checkout checkout) {
        return checkout.mainJavaFiles()
                .filter(file -> MESH_CODE.matcher(file).matches())
                .flatMap(file -> SHOP_WORDS
                        .matcher(COMMENT.matcher(checkout.text(file)).replaceAll(""))
                        .results()
                        .map(MatchResult::group)
                        .distinct()
                        .map(word -> file + " speaks of \"" + word + "\": the mesh carries orders and knows none"))
                .toList();
    }

    private static String folder(String file) {
        return file.substring(0, file.lastIndexOf('/'));
    }
}
