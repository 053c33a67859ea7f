/**
 * Where a mesh lives on this machine: the clone it is built from, the folder that holds its state, its addresses. Start
 * here: {@link dev.perimeter.labs.harness.site.LabHome} and {@link dev.perimeter.labs.harness.site.Site}.
 */
@NullMarked
package dev.perimeter.labs.harness.site;

import org.jspecify.annotations.NullMarked;
