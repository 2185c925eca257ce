package io.headwater.intake;

import io.headwater.kafka.Clients;
import io.headwater.kafka.SingleRecords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The other end of a {@link TrialProcess}: reads one line for each record, {@code topic partition offset}, fetches and
 * prepares the record, and answers with one byte for each stage. It reads records itself, so that the parent never has
 * to hold a record that does not fit into memory.
 */
public final class TrialServer {
    /** Everything is loaded. */
    static final int READY = 'R';

    /** The record was read from its topic. */
    static final int FETCHED = 'F';

    /** The record was decoded. */
    static final int DECODED = 'C';

    /** The record was prepared or properly rejected, or there is none. */
    static final int DONE = 'D';

    /** The preparation threw an exception or error. */
    static final int FAILED = 'X';

    /** The record cannot be read or prepared now, which is not its fault. */
    static final int UNAVAILABLE = 'U';

    private static final Logger LOG = Logger.getLogger(TrialServer.class);

    private TrialServer() {}

    /**
     * Serves until {@code in} ends.
     *
     * @param rehearsal prepares a record
     */
    public static void serve(Clients clients, RecordRehearsal rehearsal, InputStream in, OutputStream out)
            throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try (SingleRecords records = new SingleRecords(clients)) {
            say(out, READY);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ", 3);
                TopicPartition partition = new TopicPartition(parts[0], Integer.parseInt(parts[1]));
                try {
                    Optional<ConsumerRecord<byte[], byte[]>> record = records.at(partition, Long.parseLong(parts[2]));
                    say(out, FETCHED);
                    record.ifPresent(found -> rehearsal.prepare(found, () -> sayUnchecked(out, DECODED)));
                    say(out, DONE);
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.warn("record-not-prepared", e);
                    say(out, Elsewhere.lies(e) ? UNAVAILABLE : FAILED);
                }
            }
        }
    }

    private static void say(OutputStream out, int what) throws IOException {
        out.write(what);
        out.flush();
    }

    private static void sayUnchecked(OutputStream out, int what) {
        try {
            say(out, what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the line that asks for a record. */
    static byte[] question(TopicPartition partition, long offset) {
        return (partition.topic() + " " + partition.partition() + " " + offset + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
