/** How one endpoint of several is chosen. Start here: {@link dev.perimeter.proxy.balance.BalancerKind}. */
@NullMarked
package dev.perimeter.proxy.balance;

import org.jspecify.annotations.NullMarked;
