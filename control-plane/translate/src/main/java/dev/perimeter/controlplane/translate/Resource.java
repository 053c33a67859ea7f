package dev.perimeter.controlplane.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One Envoy resource, ready to be sent.
 *
 * @param version the first 16 hexadecimal digits of the SHA-256 of its bytes: equal content, equal version
 * @param causes the objects it was made from, so that a rejection finds its way back to them
 */
public record Resource(String name, Any body, String version, SortedMap<ObjectKey, MeshObject> causes) {
    static Resource of(String name, Message message, Collection<? extends MeshObject> causes) {
        // Map fields are written in the order they were filled in, so the same translation gives the same bytes.
        Any body = Any.pack(message);
        SortedMap<ObjectKey, MeshObject> byKey = new TreeMap<>();
        causes.forEach(object -> byKey.put(object.key(), object));
        return new Resource(name, body, hash(body.getValue().toByteArray()), Collections.unmodifiableSortedMap(byKey));
    }

    /** The version of a set of resources: a hash over names and versions in the order of the map. */
    public static String versionOf(SortedMap<String, Resource> resources) {
        StringBuilder text = new StringBuilder();
        resources.forEach((name, resource) ->
                text.append(name).append('\n').append(resource.version()).append('\n'));
        return hash(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every Java platform has SHA-256", impossible);
        }
    }
}
