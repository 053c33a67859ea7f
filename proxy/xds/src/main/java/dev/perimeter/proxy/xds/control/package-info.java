/** The thread on which configuration is followed, its clock and its patience. Start here: {@link dev.perimeter.proxy.xds.control.ControlThread}. */
@NullMarked
package dev.perimeter.proxy.xds.control;

import org.jspecify.annotations.NullMarked;
