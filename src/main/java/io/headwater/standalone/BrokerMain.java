package io.headwater.standalone;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The command line of a broker that runs in a process of its own. */
final class BrokerMain {

    private static final String USAGE = "usage: EmbeddedBroker DIRECTORY CLIENT-PORT CONTROLLER-PORT [NAME=VALUE...]";

    private BrokerMain() {}

    static void run(String[] args) {
        EmbeddedBroker broker = parse(args);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::stop, "broker-stop"));
        broker.start();
        System.out.println("READY " + broker.bootstrapServers());
        broker.awaitStop();
    }

    /** @throws IllegalArgumentException with a usage message, if the arguments are invalid */
    static EmbeddedBroker parse(String[] args) {
        if (args.length < 3) {
            throw new IllegalArgumentException(USAGE + "; got " + args.length + " arguments");
        }
        Map<String, String> overrides = new LinkedHashMap<>();
        for (int i = 3; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(USAGE + "; not a NAME=VALUE: " + args[i]);
            }
            overrides.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        return new EmbeddedBroker(Path.of(args[0]), new Ports(port(args[1]), port(args[2])), overrides);
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(USAGE + "; not a port: " + text, e);
        }
    }
}
