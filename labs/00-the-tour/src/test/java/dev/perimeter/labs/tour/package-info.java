/** What lab 00 looks at and holds to be true. Start here: {@link dev.perimeter.labs.tour.TourScenario}. */
@NullMarked
package dev.perimeter.labs.tour;

import org.jspecify.annotations.NullMarked;
