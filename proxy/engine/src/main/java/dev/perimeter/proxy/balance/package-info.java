/**
 * How one endpoint of several is chosen; who is among them, {@code spread} says. Start here: {@link
 * dev.perimeter.proxy.balance.BalancerKind}, {@link dev.perimeter.proxy.balance.Balancers}.
 */
@NullMarked
package dev.perimeter.proxy.balance;

import org.jspecify.annotations.NullMarked;
