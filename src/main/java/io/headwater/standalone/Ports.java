package io.headwater.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The two loopback ports of an embedded broker.
 *
 * @param client port that clients connect to, 1 to 65,535
 * @param controller port on which the broker talks to its own controller, 1 to 65,535, different from {@code client}
 */
public record Ports(int client, int controller) {

    /** @throws IllegalArgumentException if a port is out of range or both are equal */
    public Ports {
        check("client", client);
        check("controller", controller);
        if (client == controller) {
            throw new IllegalArgumentException(
                    "broker ports: client and controller must differ, both are " + client + "; choose two free ports");
        }
    }

    /** Finds two ports that are free now. The first stays bound until the second is found, so that they differ. */
    public static Ports free() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback)) {
            return new Ports(first.getLocalPort(), second.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException("broker ports: no free port on " + loopback, e);
        }
    }

    /** @throws IllegalStateException if a port is in use; the message names it */
    void requireFree() {
        for (int port : new int[] {client, controller}) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new IllegalStateException(
                        "broker ports: 127.0.0.1:" + port + " cannot be listened on (" + e.getMessage()
                                + "); stop its other user or choose another port",
                        e);
            }
        }
    }

    private static void check(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "broker ports: " + name + " must be within 1 to 65535, not " + port + "; choose a free port");
        }
    }
}
