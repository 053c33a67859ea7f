package dev.perimeter.controlplane.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a resource file holds, or why it is not read. Anything may lie in the folder or be named to {@code apply}, so
 * what cannot be a resource is refused before it is in memory.
 */
public sealed interface ResourceText {
    /** More than any resource needs: an API server stores an object of at most 1.5 MiB, the limit of etcd's requests. */
    int MOST_BYTES = 1024 * 1024;

    /** The whole text. */
    record Text(String text) implements ResourceText {}

    /** There is a reason not to read it, and something to do about it. */
    record Unreadable(String reason, String fix) implements ResourceText {}

    /** Reads a file, at most {@link #MOST_BYTES} of it; links are followed. */
    static ResourceText read(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return new Unreadable("This is a directory.", "Name the files in it.");
            }
            if (!attributes.isRegularFile()) {
                return new Unreadable(
                        "This is a device, a pipe or a socket, not a file.", "Put the resource into a regular file.");
            }
            return attributes.size() > MOST_BYTES ? tooLarge() : text(file);
        } catch (NoSuchFileException gone) {
            return new Unreadable("The file does not exist.", "Check its name.");
        } catch (AccessDeniedException denied) {
            return new Unreadable("You may not read the file.", "Change its permissions.");
        } catch (CharacterCodingException notText) {
            return new Unreadable("The file is not UTF-8 text.", "Save it as UTF-8.");
        } catch (IOException unreadable) {
            return new Unreadable("The file cannot be read: " + unreadable + ".", "Check the disk and the path.");
        }
    }

    private static ResourceText text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // It may have grown since, and some files of the system do not tell their size.
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            return bytes.length > MOST_BYTES
                    ? tooLarge()
                    : new Text(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        }
    }

    private static ResourceText tooLarge() {
        return new Unreadable("The file is larger than 1 MiB, as no resource is.", "Split it, or remove it.");
    }
}
