package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.sidecar.text.ProtoTree;
import dev.perimeter.proxy.sidecar.text.YamlTree;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.control.ControlThread.Timer;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import dev.perimeter.proxy.xds.transport.Wire;
import dev.perimeter.proxy.xds.transport.XdsTransport;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that holds a {@code DiscoveryResponse} as YAML or JSON, read when it is first asked for and whenever it is
 * replaced ({@code path_config_source}). Looked at once a second through whatever links lead to it, so a folder whose link
 * is swapped, as Kubernetes does it, needs no further care. What cannot be read leaves the last good in effect.
 */
final class WatchedFile implements XdsTransport {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Path path;
    private final ControlThread control;

    WatchedFile(Path path, ControlThread control) {
        this.path = path;
        this.control = control;
    }

    @Override
    public String target() {
        return path.toString();
    }

    @Override
    public boolean delta() {
        return false;
    }

    @Override
    public Stream open(Events events) {
        return new Watch(events);
    }

    @Override
    public void close() {}

    /** What tells one state of a file from the next. */
    private record State(@Nullable Object file, long modified, long size) {}

    private final class Watch implements Stream {

        private final Events events;
        private @Nullable State seen;
        private @Nullable Timer timer;
        private @Nullable ResourceType type;
        private List<String> names = List.of();
        private String complaint = "";
        private boolean over;
        private int reads;

        Watch(Events events) {
            this.events = events;
        }

        /** Names that were asked for later may be of what was left aside when the file was read. */
        @Override
        public void send(Ask ask) {
            if (ask instanceof Ask.World world
                    && (type == null || !world.names().equals(names))) {
                type = world.type();
                names = world.names();
                seen = null;
                look();
            }
        }

        @Override
        public void cancel() {
            over = true;
            if (timer != null) {
                timer.cancel();
            }
        }

        private void look() {
            if (over) {
                return;
            }
            if (timer != null) {
                timer.cancel();
            }
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                State state = new State(now.fileKey(), now.lastModifiedTime().toMillis(), now.size());
                if (!state.equals(seen)) {
                    seen = state;
                    read();
                }
            } catch (NoSuchFileException missing) {
                complain("there is no such file");
            } catch (IOException unreadable) {
                complain("cannot be read: " + unreadable.getMessage());
            }
            timer = control.schedule(INTERVAL, this::look);
        }

        private void read() throws IOException {
            String text = Files.readString(path);
            Parsed<Answer> answer = switch (YamlTree.read(path.toString(), text)) {
                case Parsed.Bad<Map<?, ?>>(String where, String why) -> new Parsed.Bad<>(where, why);
                case Parsed.Ok<Map<?, ?>>(Map<?, ?> tree) ->
                    ProtoTree.read(tree, DiscoveryResponse.newBuilder()).map(this::answer);
            };
            switch (answer) {
                case Parsed.Ok<Answer>(Answer read) -> {
                    complaint = "";
                    events.answered(read);
                }
                case Parsed.Bad<Answer> bad -> complain(bad.sentence());
            }
        }

        private Answer answer(DiscoveryResponse.Builder response) {
            response.setNonce("" + ++reads);
            if (response.getVersionInfo().isEmpty()) {
                response.setVersionInfo("" + reads);
            }
            if (response.getTypeUrl().isEmpty() && type != null) {
                response.setTypeUrl(type.typeUrl());
            }
            return Wire.answer(response.build());
        }

        private void complain(String sentence) {
            if (!sentence.equals(complaint)) {
                complaint = sentence;
                LOG.warn("{}: {}; what it brought before stays in effect", path, sentence);
            }
        }
    }
}
