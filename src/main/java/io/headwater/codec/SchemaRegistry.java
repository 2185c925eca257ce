package io.headwater.codec;

import io.headwater.domain.Outcome;
import org.apache.avro.Schema;

/** Knows schemas by number. Safe for use by several threads; what was answered once is answered again at no cost. */
public interface SchemaRegistry {

    /**
     * The schema of number {@code id}.
     *
     * @return rejected as {@code UNKNOWN_SCHEMA} when the registry says that there is none, or none of Avro
     * @throws RegistryException when the registry could not be asked
     */
    Outcome<Schema> byId(int id);

    /**
     * Makes {@code schema} known, if it is not yet.
     *
     * @param subject the schema's full name, so that one topic can carry several kinds of record
     * @return its number
     * @throws RegistryException when the registry could not be asked or refused
     */
    int register(String subject, Schema schema);
}
