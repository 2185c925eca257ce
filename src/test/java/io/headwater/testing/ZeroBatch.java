package io.headwater.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * A batch of records whose values are zeros, which are small as long as they are compressed. It is written to the socket of the
 * broker, because Kafka's own producer would have to hold the values.
 */
public final class ZeroBatch {
    private static final short VERSION = 9;
    private static final int CHUNK = 1 << 20;

    private ZeroBatch() {}

    /**
     * Sends one batch.
     *
     * @param sizes sizes of the values in bytes
     * @return the offset of its first record
     */
    public static long send(String bootstrapServers, TopicPartition partition, String key, int... sizes)
            throws IOException {
        ProduceRequestData data = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName(partition.topic())
                                .setPartitionData(List.of(new PartitionProduceData()
                                        .setIndex(partition.partition())
                                        .setRecords(MemoryRecords.readableRecords(batch(key, sizes))))))
                        .iterator()));
        ByteBuffer request = new ProduceRequest(data, VERSION)
                .serializeWithHeader(new RequestHeader(ApiKeys.PRODUCE, VERSION, "zeros", 1));
        int colon = bootstrapServers.lastIndexOf(':');
        try (Socket socket = new Socket(
                bootstrapServers.substring(0, colon), Integer.parseInt(bootstrapServers.substring(colon + 1)))) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.remaining());
            out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteBuffer response = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            ResponseHeader.parse(response, ApiKeys.PRODUCE.responseHeaderVersion(VERSION));
            PartitionProduceResponse answer = new ProduceResponseData(new ByteBufferAccessor(response), VERSION)
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0);
            Errors.forCode(answer.errorCode()).maybeThrow();
            return answer.baseOffset();
        }
    }

    private static ByteBuffer batch(String key, int... sizes) throws IOException {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(CHUNK);
        bytes.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        try (DataOutputStream records =
                new DataOutputStream(Compression.zstd().build().wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2))) {
            for (int i = 0; i < sizes.length; i++) {
                write(records, i, key.getBytes(StandardCharsets.UTF_8), sizes[i]);
            }
        }
        int size = bytes.position();
        ByteBuffer batch = bytes.buffer();
        batch.position(0);
        DefaultRecordBatch.writeHeader(
                batch,
                0,
                sizes.length - 1,
                size,
                RecordBatch.MAGIC_VALUE_V2,
                CompressionType.ZSTD,
                TimestampType.CREATE_TIME,
                0,
                0,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                sizes.length);
        batch.position(0).limit(size);
        return batch;
    }

    /** Writes a record: attributes, difference of times, difference of offsets, key, value, number of headers. */
    private static void write(DataOutputStream out, int offset, byte[] key, int size) throws IOException {
        int body = 1
                + ByteUtils.sizeOfVarlong(0)
                + ByteUtils.sizeOfVarint(offset)
                + ByteUtils.sizeOfVarint(key.length)
                + key.length
                + ByteUtils.sizeOfVarint(size)
                + size
                + ByteUtils.sizeOfVarint(0);
        ByteUtils.writeVarint(body, out);
        out.write(0);
        ByteUtils.writeVarlong(0, out);
        ByteUtils.writeVarint(offset, out);
        ByteUtils.writeVarint(key.length, out);
        out.write(key);
        ByteUtils.writeVarint(size, out);
        byte[] zeros = new byte[CHUNK];
        for (int left = size; left > 0; left -= CHUNK) {
            out.write(zeros, 0, Math.min(left, CHUNK));
        }
        ByteUtils.writeVarint(0, out);
    }
}
