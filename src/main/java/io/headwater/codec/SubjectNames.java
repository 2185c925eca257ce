package io.headwater.codec;

import io.headwater.config.HeadwaterConfig.SubjectNaming;

/**
 * The names of the subjects under which schemas are registered.
 *
 * @param naming the strategy
 * @param prefix prefix of the names of topics
 */
public record SubjectNames(SubjectNaming naming, String prefix) {
    /** The full names of records, whatever topics they are on. */
    public static final SubjectNames OF_RECORDS = new SubjectNames(SubjectNaming.RECORD, "");

    /** Returns the subject of the values of an event type. */
    String of(EventType<?> type) {
        String topic = prefix + type.name();
        String record = type.schema().getFullName();
        return switch (naming) {
            case RECORD -> record;
            case TOPIC_RECORD -> topic + "-" + record;
            // A registry compares the versions of a subject, so that it takes one type of record for each.
            case TOPIC -> isFirstOfItsTopic(type) ? topic + "-value" : topic + "-" + record;
        };
    }

    private static boolean isFirstOfItsTopic(EventType<?> type) {
        return EventType.ALL.stream()
                .filter(other -> other.name().equals(type.name()))
                .findFirst()
                .filter(type::equals)
                .isPresent();
    }
}
