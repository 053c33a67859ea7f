package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Problem;
import java.util.List;
import java.util.Objects;

/**
 * What a text holds.
 *
 * @param documents in the order of the text; one that could not be read is there with its problems
 */
public record Reading(List<Document> documents) {
    public Reading {
        documents = List.copyOf(documents);
    }

    /** Whether everything in the text is good; whoever applies a file refuses it whole otherwise. */
    public boolean accepted() {
        return problems().isEmpty();
    }

    public List<MeshObject> objects() {
        return documents.stream()
                .map(Document::object)
                .filter(Objects::nonNull)
                .map(MeshObject.class::cast)
                .toList();
    }

    public List<Problem> problems() {
        return documents.stream()
                .flatMap(document -> document.problems().stream())
                .toList();
    }
}
