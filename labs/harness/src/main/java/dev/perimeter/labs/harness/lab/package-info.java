/** What a lab is, as its files say it. Start here: {@link dev.perimeter.labs.harness.lab.LabReader}. */
@NullMarked
package dev.perimeter.labs.harness.lab;

import org.jspecify.annotations.NullMarked;
