/**
 * What can be known of a running mesh from outside its programs: access logs, admin pages, sockets, processes.
 * Start here: {@link dev.perimeter.labs.harness.evidence.Evidence}.
 */
@NullMarked
package dev.perimeter.labs.harness.evidence;

import org.jspecify.annotations.NullMarked;
