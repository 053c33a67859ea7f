package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.sources.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document of a file: exactly one of an object and problems.
 *
 * @param text as written, comments included, without the line that separates documents
 * @param tree the text as a tree, null if it is none
 * @param key what the object is called, null if the document does not say it in a valid way
 * @param object what it means, null if there are problems
 * @param problems empty if there is an object
 */
public record Document(
        String text,
        Tree.@Nullable Mapping tree,
        @Nullable ObjectKey key,
        @Nullable MeshObject object,
        List<Problem> problems) {
    public Document {
        problems = List.copyOf(problems);
    }
}
