package io.headwater.codec;

import io.headwater.domain.Outcome;
import org.apache.avro.Schema;

/** A registry of schemas by id. Safe for use by several threads; results are cached. */
public interface SchemaRegistry {

    /**
     * Returns the schema with the id {@code id}.
     *
     * @return rejected as {@code UNKNOWN_SCHEMA} when the registry says that it has no such schema, when it refuses this id
     *     but not others, or when the schema is not an Avro schema
     * @throws RegistryException when the registry is not available
     */
    Outcome<Schema> byId(int id);

    /**
     * Registers {@code schema} if it is not yet registered.
     *
     * @param subject name under which the schema is registered, see {@link SubjectNames}
     * @return its id
     * @throws RegistryException when the registry is not available or rejects the schema
     */
    int register(String subject, Schema schema);
}
