package dev.perimeter.labs.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerRecordTest {

    @TempDir
    Path home;

    @Test
    void predictions_changedAfterwards_noLongerStand() throws IOException {
        LearnerRecord record = new LearnerRecord(home, "10");
        assertThat(record.predictionsStand()).isFalse();

        record.predict(Map.of("destination", "b"), "sidecar=off");
        assertThat(record.predictionsStand()).isTrue();

        Path file = record.folder().resolve("predictions.yaml");
        Files.writeString(file, Files.readString(file).replace("b", "c"));
        assertThat(record.predictionsStand()).isFalse();
    }

    @Test
    void predictions_madeAgain_areTheFirstOnes() {
        LearnerRecord record = new LearnerRecord(home, "10");

        String first = record.predict(Map.of("destination", "b"), "sidecar=off");
        String second = record.predict(Map.of("destination", "c"), "sidecar=on");

        assertThat(second).isEqualTo(first);
        assertThat(record.predictions()).containsExactly(Map.entry("destination", "b"));
        assertThat(record.predictedWith()).contains("sidecar=off");
    }

    @Test
    void observations_areKeptBySettings_theLatestOfTheOthersCounts() {
        LearnerRecord record = new LearnerRecord(home, "10");
        record.observed("sidecar=on", Map.of("hops", "5"));
        record.observed("sidecar=off", Map.of("hops", "1"));
        record.observed("sidecar=on", Map.of("hops", "4"));

        assertThat(record.observedOtherThan("sidecar=off").orElseThrow().seen()).containsEntry("hops", "4");
        assertThat(record.observedOtherThan("sidecar=on").orElseThrow().settings())
                .isEqualTo("sidecar=off");
        assertThat(new LearnerRecord(home, "00").observedOtherThan("sidecar=on"))
                .isEmpty();
    }

    @Test
    void reset_withNothingToKeep_makesNoBackup() throws IOException {
        Path work = home.resolve("work");
        Path starter = Files.createDirectories(home.resolve("lab/starter"));
        Files.writeString(starter.resolve("Mine.java"), "starter");

        assertThat(Backup.moveAside(
                        work,
                        home.resolve("lab"),
                        List.of("Mine.java"),
                        home,
                        LocalDateTime.of(2026, 11, 23, 12, 0, 1)))
                .isEmpty();
        assertThat(home.resolve("backup")).doesNotExist();
        assertThat(work.resolve("Mine.java")).hasContent("starter");
    }

    @Test
    void part_done_isNoLongerOpen() {
        LearnerRecord record = new LearnerRecord(home, "10");
        record.done(LearnerRecord.Part.OBSERVED, Instant.EPOCH);

        assertThat(record.has(LearnerRecord.Part.OBSERVED)).isTrue();
        assertThat(record.open()).first().isEqualTo(LearnerRecord.Part.PREDICTED);
    }

    @Test
    void hint_askedAgain_isTheNextAndStaysAtTheLast() {
        LearnerRecord record = new LearnerRecord(home, "10");

        assertThat(List.of(
                        record.hintAsked("10.1", 3),
                        record.hintAsked("10.1", 3),
                        record.hintAsked("10.1", 3),
                        record.hintAsked("10.1", 3)))
                .containsExactly(1, 2, 3, 3);
    }

    @Test
    void reset_keepsTheLearnersFileUnderADate() throws IOException {
        Path work = Files.createDirectories(home.resolve("work"));
        Path starter = Files.createDirectories(home.resolve("lab/starter"));
        Files.writeString(work.resolve("Mine.java"), "mine");
        Files.writeString(starter.resolve("Mine.java"), "starter");
        LocalDateTime when = LocalDateTime.of(2026, 11, 23, 12, 0, 1);

        Optional<Path> first = Backup.moveAside(work, home.resolve("lab"), List.of("Mine.java"), home, when);
        Optional<Path> second = Backup.moveAside(work, home.resolve("lab"), List.of("Mine.java"), home, when);

        assertThat(first.orElseThrow().resolve("Mine.java")).hasContent("mine");
        assertThat(first.orElseThrow()).endsWith(Path.of("backup/2026-11-23-120001"));
        assertThat(second).isNotEqualTo(first);
        assertThat(work.resolve("Mine.java")).hasContent("starter");
    }
}
