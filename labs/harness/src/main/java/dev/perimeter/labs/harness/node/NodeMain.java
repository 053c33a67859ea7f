package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.site.Checkout;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entry of the local node's process; started by {@code up}, never by hand. */
public final class NodeMain {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);

    private NodeMain() {}

    public static void main(String[] args) throws InterruptedException {
        NodeOptions options = NodeOptions.parse(args);
        try {
            LocalNode node = new LocalNode(Checkout.find(), options);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(node::stopAndWait));
            node.run();
        } catch (Refused | IOException e) {
            LOG.error("{}", e.getMessage());
            System.exit(1);
        } catch (RuntimeException | Error fault) {
            LOG.error("a fault of the local node itself: {}", fault.toString(), fault);
            System.exit(1);
        }
        System.exit(0);
    }
}
