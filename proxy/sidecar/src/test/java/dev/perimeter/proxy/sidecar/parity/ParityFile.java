package dev.perimeter.proxy.sidecar.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A bootstrap as people write it, with the requests that are sent through it. It can be used as it is but for its ports and
 * folders, which are replaced by those of a test.
 *
 * <p>Lines that begin with {@code #>} are requests, those with {@code #!} are marks for the test, and a line {@code #= NAME}
 * begins a file that stands beside the bootstrap in {@code /etc/envoy/dynamic}.
 */
record ParityFile(String name, String text, List<ParityRequest> requests, List<String> marks) {

    private static final Pattern PORT = Pattern.compile("(\"?port_?[vV]alue\"?: *)(\\d+)");
    private static final String BESIDE = "\n#= ";

    static ParityFile read(String folder, String name) throws IOException {
        String path = "/bootstraps/" + folder + "/" + name;
        try (var in = Objects.requireNonNull(ParityFile.class.getResourceAsStream(path), path)) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            List<ParityRequest> requests = new ArrayList<>();
            List<String> marks = new ArrayList<>();
            List<String> rest = new ArrayList<>();
            for (String line : text.split("\n")) {
                if (line.startsWith("#> ")) {
                    requests.add(ParityRequest.parse(line.substring(3)));
                } else if (line.startsWith("#! ")) {
                    marks.add(line.substring(3));
                } else {
                    rest.add(line);
                }
            }
            return new ParityFile(name, String.join("\n", rest) + "\n", requests, marks);
        }
    }

    /** How many listeners it has with an address. */
    int listeners() {
        return (int) Pattern.compile("port_?[vV]alue\"?: *1000\\d")
                .matcher(text)
                .results()
                .count();
    }

    boolean marked(String mark) {
        return marks.contains(mark);
    }

    /**
     * Writes it with ports and folders of a test.
     *
     * @param folder of this run alone
     * @param ports from a port as written to the real one
     */
    Path write(Path folder, Path certificates, IntUnaryOperator ports) throws IOException {
        Path dynamic = Files.createDirectories(folder.resolve("dynamic"));
        String[] parts = PORT.matcher(text)
                .replaceAll((MatchResult port) -> port.group(1) + ports.applyAsInt(Integer.parseInt(port.group(2))))
                .replace("/etc/envoy/certs", certificates.toString())
                .replace("/etc/envoy/dynamic", dynamic.toString())
                .split(BESIDE);
        for (int i = 1; i < parts.length; i++) {
            String[] nameAndText = parts[i].split("\n", 2);
            Files.writeString(dynamic.resolve(nameAndText[0]), nameAndText[1]);
        }
        return Files.writeString(folder.resolve(name), parts[0]);
    }

    /** So that a test is named by its file. */
    @Override
    public String toString() {
        return name;
    }
}
