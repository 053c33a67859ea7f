/** Builds the book from AsciiDoc to HTML and fails on every warning. Start here: {@link dev.perimeter.book.Main}. */
@NullMarked
package dev.perimeter.book;

import org.jspecify.annotations.NullMarked;
