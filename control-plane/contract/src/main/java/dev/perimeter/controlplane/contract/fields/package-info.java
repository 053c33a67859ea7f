/**
 * How the data plane says which fields of a protobuf message it reads: honoured, harmless, and everything else refused.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.contract.fields.FieldList}.
 */
@NullMarked
package dev.perimeter.controlplane.contract.fields;

import org.jspecify.annotations.NullMarked;
