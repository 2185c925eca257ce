package io.headwater.kafka;

import io.headwater.codec.SchemaRegistry;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;

/** A schema registry in memory: the number of a schema is its place in the order of registration. */
final class MemoryRegistry implements SchemaRegistry {

    private final List<Schema> schemas = new CopyOnWriteArrayList<>();

    @Override
    public Outcome<Schema> byId(int id) {
        return id >= 0 && id < schemas.size()
                ? Outcome.ok(schemas.get(id))
                : Outcome.rejected(Reason.UNKNOWN_SCHEMA, "schema id " + id + " is not registered");
    }

    @Override
    public synchronized int register(String subject, Schema schema) {
        int known = schemas.indexOf(schema);
        if (known >= 0) {
            return known;
        }
        schemas.add(schema);
        return schemas.size() - 1;
    }
}
