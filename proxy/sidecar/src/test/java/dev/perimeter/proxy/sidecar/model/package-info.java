/**
 * A control plane that does what it likes, against a live proxy under load. Start here: {@link
 * dev.perimeter.proxy.sidecar.model.ConfigModelTest}.
 */
package dev.perimeter.proxy.sidecar.model;
