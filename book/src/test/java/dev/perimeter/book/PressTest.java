package dev.perimeter.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One clone with every mistake in it: starting Asciidoctor takes too long to do it once for each. */
class PressTest {

    @TempDir
    Path checkout;

    @Test
    void print_pagesWithMistakes_eachIsNamed() throws IOException {
        write("labs/01-x/lab.adoc", "= A lab\n\nSee xref:../../book/src/chapters/right.adoc[].\n");
        write("book/src/style/book.css", "");
        write("book/src/style/docinfo.html", "");
        write("book/src/figures/a.svg", "");
        write("book/src/release-notes/first.adoc", "* It stands.\n");
        write("code/A.java", "// tag::here[]\nint a;\n// end::here[]\n");
        write(
                "book/src/index.adoc",
                "= Book\n\n"
                        + "include::{contents}/chapters.adoc[]\n\n"
                        + "include::{contents}/news.adoc[]\n\n"
                        + "link:labs/01-x.html[]\n");
        write("book/src/chapters/tag.adoc", "= Tag\n\n----\ninclude::{checkout}/code/A.java[tag=gone]\n----\n");
        write("book/src/chapters/include.adoc", "= Include\n\ninclude::{checkout}/code/B.java[]\n");
        write("book/src/chapters/attribute.adoc", "= Attribute\n\nSay {what}.\n");
        write("book/src/chapters/link.adoc", "= Link\n\nlink:nowhere.html[there], xref:tag.adoc#never[never]\n");
        write("book/src/chapters/code.adoc", "= Code\n\nlink:../../../code/B.java[gone]\n");
        write(
                "book/src/chapters/right.adoc",
                "= Right\n\n----\ninclude::{checkout}/code/A.java[tag=here]\n----\n\nlink:../../../code/A.java[A]\n");

        List<String> complaints = new Press(checkout, checkout.resolve("site")).print(Page.allOf(checkout));

        assertThat(complaints)
                .satisfiesExactlyInAnyOrder(
                        tag -> assertThat(tag).contains("tag.adoc", "tag 'gone' not found"),
                        include -> assertThat(include).contains("include.adoc", "include file not found"),
                        attribute -> assertThat(attribute).contains("attribute.adoc", "missing attribute: what"),
                        code -> assertThat(code).contains("code.html", "code/B.java"),
                        link -> assertThat(link).contains("link.html", "nowhere.html"),
                        anchor -> assertThat(anchor).contains("link.html", "tag.html#never"));
        assertThat(checkout.resolve("site/chapters/right.html")).content().contains("a;", "href=\"../../code/A.java\"");
        assertThat(checkout.resolve("site/labs/01-x.html")).content().contains("href=\"../chapters/right.html\"");
        assertThat(checkout.resolve("site/index.html"))
                .content()
                .contains("chapters/right.html", ">Right<", "It stands.", "labs/01-x.html");
    }

    private void write(String file, String text) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, text);
    }
}
