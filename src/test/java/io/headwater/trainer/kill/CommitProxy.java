package io.headwater.trainer.kill;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between a client and a broker that withholds the response to the n-th EndTxn request: the broker has
 * committed, and the client does not know it.
 */
final class CommitProxy implements AutoCloseable {
    /** The API key of EndTxn in Kafka's protocol. */
    private static final short END_TXN = 26;

    private static final int LARGEST_REQUEST = 64 << 20;

    private final ServerSocket server;
    private final int brokerPort;
    private final AtomicInteger left;
    private final CountDownLatch withheld = new CountDownLatch(1);

    CommitProxy(ServerSocket server, int brokerPort, int occurrence) {
        this.server = server;
        this.brokerPort = brokerPort;
        this.left = new AtomicInteger(occurrence);
        daemon(this::accept);
    }

    /** Returns a latch that opens when the broker's response has arrived and is withheld. */
    CountDownLatch withheld() {
        return withheld;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Connection connection = new Connection(client, new Socket(InetAddress.getLoopbackAddress(), brokerPort));
            daemon(connection::requests);
            daemon(connection::answers);
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket broker;
        private volatile boolean silent;

        Connection(Socket client, Socket broker) throws IOException {
            this.client = client;
            this.broker = broker;
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        }

        /** Forwards whole requests: a length of 4 bytes, followed by the API key in 2 bytes. */
        void requests() throws IOException {
            try (client;
                    broker) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                OutputStream out = broker.getOutputStream();
                while (true) {
                    int length = in.readInt();
                    if (length < Short.BYTES || length > LARGEST_REQUEST) {
                        throw new IOException("a request of " + length + " bytes");
                    }
                    ByteBuffer request =
                            ByteBuffer.allocate(Integer.BYTES + length).putInt(length);
                    in.readFully(request.array(), Integer.BYTES, length);
                    if (request.getShort(Integer.BYTES) == END_TXN && left.decrementAndGet() == 0) {
                        silent = true;
                    }
                    out.write(request.array());
                }
            }
        }

        void answers() throws IOException {
            byte[] buffer = new byte[1 << 16];
            InputStream in = broker.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (silent) {
                    withheld.countDown();
                } else {
                    out.write(buffer, 0, n);
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Runs work in a daemon thread. The expected exception when one side closes the connection is ignored. */
    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
