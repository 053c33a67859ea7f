package dev.perimeter.controlplane.server;

import com.google.gson.stream.JsonWriter;
import dev.perimeter.controlplane.discovery.ProxyView;
import dev.perimeter.controlplane.discovery.ResourceType;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.translate.attach.Condition;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The console's {@code /status} as JSON; its shape is read by {@code scripts/lab}. */
final class StatusJson {
    private final JsonWriter json;

    private StatusJson(JsonWriter json) {
        this.json = json;
    }

    static String write(List<ObjectStatus> objects, List<Problem> problems, List<ProxyView> proxies) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            StatusJson status = new StatusJson(json);
            status.objects(objects);
            status.problems(problems);
            status.proxies(proxies);
            json.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.append('\n').toString();
    }

    private void objects(List<ObjectStatus> objects) throws IOException {
        json.name("objects").beginArray();
        for (ObjectStatus status : objects) {
            ObjectKey key = status.object().key();
            json.beginObject();
            json.name("kind").value(key.kind());
            json.name("namespace").value(key.namespace());
            json.name("name").value(key.name());
            json.name("file").value(status.object().meta().file());
            json.name("conditions").beginArray();
            for (Condition condition : status.conditions()) {
                json.beginObject();
                json.name("type").value(condition.type().word());
                json.name("status").value(condition.holds() ? "True" : "False");
                json.name("reason").value(condition.reason());
                json.name("message").value(condition.message());
                json.endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private void problems(List<Problem> problems) throws IOException {
        json.name("problems").beginArray();
        for (Problem problem : problems) {
            json.beginObject();
            json.name("file").value(problem.file());
            json.name("line").value(problem.line());
            json.name("object")
                    .value(problem.object() == null ? null : problem.object().toString());
            json.name("field").value(problem.field());
            json.name("reason").value(problem.reason());
            json.name("fix").value(problem.fix());
            json.endObject();
        }
        json.endArray();
    }

    private void proxies(List<ProxyView> proxies) throws IOException {
        json.name("proxies").beginArray();
        for (ProxyView proxy : proxies) {
            json.beginObject();
            json.name("node").value(proxy.node());
            json.name("connectedSince").value(proxy.connectedSince().toString());
            json.name("reason").value(proxy.reason());
            json.name("types").beginObject();
            for (Map.Entry<ResourceType, ProxyView.TypeView> type :
                    proxy.types().entrySet()) {
                json.name(type.getKey().name().toLowerCase(Locale.ROOT));
                type(type.getValue());
            }
            json.endObject().endObject();
        }
        json.endArray();
    }

    private void type(ProxyView.TypeView view) throws IOException {
        json.beginObject();
        json.name("sent").value(view.sent());
        json.name("acked").value(view.acked());
        json.name("nacked");
        if (view.nacked() == null) {
            json.nullValue();
        } else {
            json.beginObject();
            json.name("version").value(view.nacked().version());
            json.name("message").value(view.nacked().message());
            json.endObject();
        }
        json.endObject();
    }
}
