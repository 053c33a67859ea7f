package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Answer.Sent;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last complete configuration on disk, for a start without control plane. The file is a SHA-256 digest and then one
 * length-delimited {@code DeltaDiscoveryResponse} for each type and source, whose nonce is the source's key. It is written
 * beside its place and moved there, so it is whole or not there.
 *
 * <p>Secrets are kept too, since a listener with TLS cannot start without its key: the file can be read by its owner alone
 * (0600), and a folder that is made for it is the owner's alone (0700). Where that is too much, a proxy is started without
 * one. Used by the control thread.
 */
public final class LastGood {

    /** What a type brought from one source. @param answer as if it came now */
    public record Saved(ResourceType type, String source, Answer answer) {}

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private static final int LARGEST = 64 << 20;
    private static final int DIGEST = 32;

    private final Path file;
    private byte[] written = new byte[0];

    /** @param folder made when there is something to write */
    public LastGood(Path folder) {
        file = folder.resolve("last-good.pb");
    }

    public Path file() {
        return file;
    }

    /** What was saved; empty, with a warning, when it cannot be used. */
    public List<Saved> read() {
        try {
            if (Files.size(file) > LARGEST) {
                return unusable("is too large");
            }
            byte[] all = Files.readAllBytes(file);
            if (all.length < DIGEST || !Arrays.equals(all, 0, DIGEST, digest(all, DIGEST), 0, DIGEST)) {
                return unusable("is damaged");
            }
            List<Saved> saved = new ArrayList<>();
            ByteArrayInputStream in = new ByteArrayInputStream(all, DIGEST, all.length - DIGEST);
            for (DeltaDiscoveryResponse one = DeltaDiscoveryResponse.parseDelimitedFrom(in);
                    one != null;
                    one = DeltaDiscoveryResponse.parseDelimitedFrom(in)) {
                ResourceType type = ResourceType.of(one.getTypeUrl());
                if (type != null) {
                    saved.add(new Saved(type, one.getNonce(), answer(one)));
                }
            }
            return saved;
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException unreadable) {
            return unusable("cannot be read: " + unreadable.getMessage());
        }
    }

    private List<Saved> unusable(String why) {
        LOG.warn("the last good configuration in {} {}; it is left aside", file, why);
        return List.of();
    }

    private static Answer answer(DeltaDiscoveryResponse one) {
        List<Sent> sent = one.getResourcesList().stream()
                .map(resource -> new Sent(resource.getName(), resource.getVersion(), resource.getResource(), null))
                .toList();
        return new Answer(one.getTypeUrl(), one.getSystemVersionInfo(), "", sent, List.of());
    }

    /** The version that was accepted last of a type. */
    public interface Versions {
        String of(ResourceType type, ResourceSource source);
    }

    /** Writes what is there, if it changed. What goes wrong is a warning: nothing depends on the file now. */
    public void write(World world, Versions versions) {
        try {
            byte[] all = bytes(world, versions);
            if (Arrays.equals(all, written)) {
                return;
            }
            written = all;
            if (all.length > LARGEST) {
                LOG.warn("the configuration is too large to be kept in {}", file);
                return;
            }
            Path folder = java.util.Objects.requireNonNull(file.toAbsolutePath().getParent());
            makePrivate(folder);
            // Made for its owner alone (0600), and moved as it is.
            Path beside = Files.createTempFile(folder, "last-good", ".tmp");
            try {
                Files.write(beside, all);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException failed) {
            LOG.warn("the configuration could not be kept in {}: {}", file, failed.toString());
        }
    }

    /** Keys of SDS secrets are in the file: nobody but the owner needs to know what the folder holds. */
    private static void makePrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Files that are watched are there at the next start by themselves, and what has a time to live is not for later. */
    private static byte[] bytes(World world, Versions versions) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[DIGEST]);
        for (Shelf<?> shelf : world.shelves()) {
            if (shelf.source() instanceof ResourceSource.File) {
                continue;
            }
            DeltaDiscoveryResponse.Builder one = DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(shelf.type().typeUrl())
                    .setSystemVersionInfo(versions.of(shelf.type(), shelf.source()))
                    .setNonce(shelf.source().key());
            shelf.held().forEach((name, held) -> {
                Any raw = held.resource().raw();
                if (held.expires() == null) {
                    one.addResources(Resource.newBuilder()
                            .setName(name)
                            .setVersion(held.version())
                            .setResource(raw));
                }
            });
            one.build().writeDelimitedTo(out);
        }
        byte[] all = out.toByteArray();
        System.arraycopy(digest(all, DIGEST), 0, all, 0, DIGEST);
        return all;
    }

    private static byte[] digest(byte[] bytes, int from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, from, bytes.length - from);
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
