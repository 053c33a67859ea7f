/**
 * Just enough JSON for run files, status pages and access logs. Start here: {@link
 * dev.perimeter.labs.harness.json.Json}.
 */
@NullMarked
package dev.perimeter.labs.harness.json;

import org.jspecify.annotations.NullMarked;
