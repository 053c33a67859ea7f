package dev.perimeter.labs.harness.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The files of a PostgreSQL: the binaries unpacked from the class path, and a cluster made by {@code initdb} with the
 * given databases in it.
 *
 * @param folder where both lie
 */
record PostgresFiles(Path folder, List<String> databases) {
    /** Owner of the databases; only loopback reaches them, so it has no password. */
    static final String USER = "postgres";

    Path binary(String name) {
        return folder.resolve("dist/bin").resolve(name);
    }

    Path data() {
        return folder.resolve("cluster");
    }

    /** Makes what is not there yet. A cluster counts as made once its last step left a mark. */
    void prepare() throws IOException, InterruptedException {
        Path unpacked = folder.resolve("dist/.complete");
        if (!Files.exists(unpacked)) {
            unpack(folder.resolve("dist"));
            Files.createFile(unpacked);
        }
        Path made = folder.resolve("cluster.complete");
        if (!Files.exists(made)) {
            remove(data());
            run(
                    List.of(
                            binary("initdb").toString(),
                            "-D",
                            data().toString(),
                            "-U",
                            USER,
                            "-A",
                            "trust",
                            "-E",
                            "UTF8"),
                    "");
            StringBuilder sql = new StringBuilder();
            databases.forEach(
                    name -> sql.append("CREATE DATABASE ").append(name).append(";\n"));
            run(
                    List.of(binary("postgres").toString(), "--single", "-D", data().toString(), "postgres"),
                    sql.toString());
            Files.createFile(made);
        }
    }

    /** What stands before a command so that it does not run as root. */
    static List<String> asNobody() {
        return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of();
    }

    private void run(List<String> command, String input) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        try {
            List<String> whole = new ArrayList<>(asNobody());
            whole.addAll(command);
            ProcessBuilder builder =
                    new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(said.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (process.waitFor() != 0) {
                throw new IOException("%s ended with %d: %s"
                        .formatted(
                                command.getFirst(),
                                process.exitValue(),
                                Files.readString(said).strip()));
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }

    private static void unpack(Path into) throws IOException {
        String archive = "/postgres-%s-%s.txz".formatted(system(), architecture());
        try (InputStream packed = PostgresFiles.class.getResourceAsStream(archive)) {
            if (packed == null) {
                throw new IOException("no PostgreSQL for this machine (" + archive + ") is on the class path");
            }
            TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed));
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, into);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path into) throws IOException {
        Path file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
            throw new IOException("entry outside of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            boolean executable = (entry.getMode() & 0100) != 0;
            if (executable && !file.toFile().setExecutable(true)) {
                throw new IOException(file + " cannot be made executable");
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64", "arm64" -> "arm_64";
            default -> "x86_64";
        };
    }
}
