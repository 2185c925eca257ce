package io.headwater.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An operation on a resource, as the table in docs/operations.md lists them.
 *
 * @param kind the first column of its row
 * @param name the second one
 */
public record Permission(Kind kind, String name, AclOperation operation) {

    private static final String PREFIX = "PREFIX";
    /** What is in front of the names of roles and groups; in tests, the name of the user is in its place. */
    private static final String GROUP = "PREFIXGROUP";

    /** The resources of the table. */
    public enum Kind {
        TOPIC("topic", ResourceType.TOPIC),
        OWN_TOPICS("topics that begin with", ResourceType.TOPIC),
        GROUP("group", ResourceType.GROUP),
        TRANSACTIONAL_IDS("transactional ids that begin with", ResourceType.TRANSACTIONAL_ID);

        private final String cell;
        private final ResourceType type;

        Kind(String cell, ResourceType type) {
            this.cell = cell;
            this.type = type;
        }

        private static Optional<Kind> of(String cell) {
            return Arrays.stream(values())
                    .filter(kind -> kind.cell.equals(cell))
                    .findFirst();
        }
    }

    /** Returns the permissions of the column with the heading {@code role}. */
    public static List<Permission> documented(String role) throws IOException {
        List<Permission> permissions = new ArrayList<>();
        int column = -1;
        for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList();
            column = cells.contains("resource") ? cells.indexOf(role) : column;
            Optional<Kind> kind = column < 0 || cells.size() <= 2 ? Optional.empty() : Kind.of(cells.get(0));
            if (kind.isPresent() && cells.size() > column && !cells.get(column).isEmpty()) {
                for (String operation : cells.get(column).split(", ")) {
                    permissions.add(new Permission(
                            kind.get(), cells.get(1).replace("`", ""), AclOperation.fromString(operation)));
                }
            }
        }
        return permissions;
    }

    /** Returns the same for another operation. */
    public Permission to(AclOperation other) {
        return new Permission(kind, name, other);
    }

    AclBinding of(String user, String topicPrefix) {
        boolean isTopic = kind == Kind.TOPIC;
        boolean isOwn = !isTopic && (name.startsWith(GROUP) || !name.startsWith(PREFIX));
        return new AclBinding(
                new ResourcePattern(
                        kind.type,
                        isOwn ? user : topicPrefix + (isTopic ? name : name.substring(PREFIX.length())),
                        isTopic ? PatternType.LITERAL : PatternType.PREFIXED),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }
}
