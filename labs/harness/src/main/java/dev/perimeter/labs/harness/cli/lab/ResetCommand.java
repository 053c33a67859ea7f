package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.Challenge;
import dev.perimeter.labs.harness.record.Backup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab reset NN}: moves your files to a dated backup and puts the starter back. Deletes nothing. */
@Command(name = "reset", description = "Moves your files of a lab to a dated backup and puts the starter back.")
final class ResetCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        Challenge challenge = here.lab()
                .challenge()
                .orElseThrow(() ->
                        new Refused("Lab " + here.lab().id() + " has no file of yours; there is nothing to reset."));
        Optional<Path> backup = Backup.moveAside(
                here.work(),
                here.lab().folder(),
                challenge.allowedFiles(),
                here.record().folder(),
                LocalDateTime.now());
        out.println(backup.map(folder -> "The starter is back; your files are in " + folder)
                .orElse("The starter is back; there was no file of yours to keep."));
        out.flush();
    }
}
