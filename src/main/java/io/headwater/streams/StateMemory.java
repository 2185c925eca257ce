package io.headwater.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Lets all stores of the process share one bounded amount of memory outside of the heap. By default each of them, of which there
 * are five for each partition, takes up to 100 MiB.
 */
public final class StateMemory implements RocksDBConfigSetter {
    private static final long ALL_BYTES = 128L << 20;
    private static final long WRITE_BYTES = 64L << 20;
    private static final long BUFFER_BYTES = 8L << 20;
    private static final double INDEX_SHARE = 0.1;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(ALL_BYTES, -1, false, INDEX_SHARE);
    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    /** Creates a setter, which Kafka Streams does for each store. */
    public StateMemory() {}

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setWriteBufferManager(WRITES);
        options.setWriteBufferSize(BUFFER_BYTES);
        options.setTableFormatConfig(table);
    }

    /** Does nothing: cache and buffers belong to the process. */
    @Override
    public void close(String store, Options options) {}
}
