package dev.perimeter.controlplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {
    @TempDir
    private Path folder;

    @Test
    void folderAlone_isEnough() {
        assertThat(Arguments.parse(List.of("--resources", folder.toString())))
                .isEqualTo(new Arguments.Good(new Arguments(folder, null, "127.0.0.1", 15010, 8099)));
    }

    @Test
    void everyOption_isTaken() {
        assertThat(Arguments.parse(List.of(
                        "--bind",
                        "127.1.1.1",
                        "--last-good",
                        folder.resolveSibling("kept").toString(),
                        "--xds-port",
                        "1",
                        "--console-port",
                        "2",
                        "--resources",
                        "" + folder)))
                .isEqualTo(new Arguments.Good(new Arguments(folder, folder.resolveSibling("kept"), "127.1.1.1", 1, 2)));
    }

    @Test
    void mistakes_areAnsweredWithASentenceEach() {
        assertThat(sentence()).startsWith("The option --resources is missing.");
        assertThat(sentence("--port", "1")).startsWith("Unknown option --port.");
        assertThat(sentence("--resources")).startsWith("The option --resources needs a value.");
        assertThat(sentence("--xds-port", "65536"))
                .isEqualTo("The option --xds-port is \"65536\"; a port is a whole number from 0 to 65535.");
        assertThat(sentence("--resources", folder.resolve("none").toString()))
                .isEqualTo("There is no folder " + folder.resolve("none")
                        + "; make it, or name another with --resources.");
    }

    @Test
    void foldersThatLieOneInTheOther_areRefused() {
        for (Path kept : List.of(folder, folder.resolve("kept"), folder.getParent())) {
            assertThat(sentence("--resources", folder.toString(), "--last-good", kept.toString()))
                    .isEqualTo("The folders " + folder + " and " + kept
                            + " lie one in the other; name one apart with --last-good.");
        }
    }

    private static String sentence(String... words) {
        return ((Arguments.Bad) Arguments.parse(List.of(words))).sentence();
    }
}
