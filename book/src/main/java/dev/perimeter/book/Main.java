package dev.perimeter.book;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code Main CHECKOUT SITE}: writes the book of the clone CHECKOUT as HTML pages into the folder SITE.
 *
 * <p>Exit status 1 if there is anything to complain of: a warning of Asciidoctor (a missing include, an unknown tag, an
 * unset attribute) or a link that leads nowhere. Each complaint is one line on standard error.
 */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Path checkout = Path.of(arguments[0]).toRealPath();
        Path site = Path.of(arguments[1]).toAbsolutePath().normalize();
        List<Page> pages = new ArrayList<>(Page.allOf(checkout));
        pages.addAll(Reference.write(site.resolve("contents/reference")));
        List<String> complaints = new Press(checkout, site).print(pages);
        complaints.forEach(complaint -> System.err.println("[ERROR] " + complaint));
        if (complaints.isEmpty()) {
            System.out.println("The book: " + pages.size() + " pages, " + site.resolve("index.html"));
        }
        System.exit(complaints.isEmpty() ? 0 : 1);
    }
}
