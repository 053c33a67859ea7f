package dev.perimeter.book;

import java.nio.file.Path;
import java.util.List;
import org.asciidoctor.ast.Cursor;
import org.asciidoctor.log.LogHandler;
import org.asciidoctor.log.LogRecord;
import org.asciidoctor.log.Severity;
import org.jspecify.annotations.Nullable;

/** Keeps what Asciidoctor warns of, which it would otherwise print and forget. */
final class Complaints implements LogHandler {

    private final List<String> complaints;
    private Path page = Path.of("");

    Complaints(List<String> complaints) {
        this.complaints = complaints;
    }

    /** Says which page the warnings from here on belong to, for those that carry no place of their own. */
    void reading(Path next) {
        page = next;
    }

    @Override
    public void log(LogRecord record) {
        if (record.getSeverity().compareTo(Severity.WARN) >= 0) {
            complaints.add(place(record.getCursor()) + ": " + record.getMessage());
        }
    }

    private String place(@Nullable Cursor cursor) {
        return cursor == null || cursor.getPath() == null
                ? page.toString()
                : page + " (" + cursor.getPath() + " line " + cursor.getLineNumber() + ")";
    }
}
