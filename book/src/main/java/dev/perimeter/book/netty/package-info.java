/** The code of the chapter "Netty in fifteen minutes". Start here: {@link dev.perimeter.book.netty.EchoServer}. */
@NullMarked
package dev.perimeter.book.netty;

import org.jspecify.annotations.NullMarked;
