package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where complete configurations go: the engine. */
@FunctionalInterface
public interface SnapshotSink {

    /**
     * Makes a configuration the current one. Called on the control thread, and not again before it is done.
     *
     * @return a sentence for each thing that could not be done, e.g. a listener whose address is in use
     */
    CompletionStage<List<String>> apply(Snapshot snapshot);
}
