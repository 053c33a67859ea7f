/**
 * A proxy as the process it is: its command line, its signals, its memory. Start here: {@link
 * dev.perimeter.proxy.sidecar.process.SidecarProcess}, which all of them start.
 */
package dev.perimeter.proxy.sidecar.process;
