/** One request over HTTP/1.1: its way, its head, its time, what is changed of it and what is refused. Start here: {@link dev.perimeter.proxy.story.http.HappyPathTest}. */
@NullMarked
package dev.perimeter.proxy.story.http;

import org.jspecify.annotations.NullMarked;
