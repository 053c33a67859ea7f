/**
 * The commands of a lab's ritual and challenge, one file a command. Start here: {@link
 * dev.perimeter.labs.harness.cli.lab.LabCommands}.
 */
@NullMarked
package dev.perimeter.labs.harness.cli.lab;

import org.jspecify.annotations.NullMarked;
