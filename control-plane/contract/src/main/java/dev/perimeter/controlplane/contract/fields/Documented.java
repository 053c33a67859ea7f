package dev.perimeter.controlplane.contract.fields;

import java.util.List;

/** What is configured by messages and can say which of their fields count; the reference pages are made from it. */
public interface Documented {

    /**
     * The list of its own config first, then of what routes may say of it, if they may say something else, then of what may
     * stand in them as an extension.
     */
    List<FieldList> fieldLists();
}
