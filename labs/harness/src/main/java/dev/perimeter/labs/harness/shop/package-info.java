/**
 * The shop as a client of the gateway sees it: place orders, many at once, and account for every answer. Start here:
 * {@link dev.perimeter.labs.harness.shop.Shop} and {@link dev.perimeter.labs.harness.shop.OrderLoad}.
 */
@NullMarked
package dev.perimeter.labs.harness.shop;

import org.jspecify.annotations.NullMarked;
