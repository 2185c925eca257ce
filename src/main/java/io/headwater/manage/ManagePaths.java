package io.headwater.manage;

import io.headwater.domain.Lane;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The paths of the management API that its answers and the page link to. */
public final class ManagePaths {
    private static final String ROOT = "/api/v1";

    private ManagePaths() {}

    /** Returns the path of the input of a request that people should label. */
    public static String askInput(Lane lane, String id) {
        return ROOT + lane(lane) + "/asks/" + segment(id) + "/input";
    }

    /** Returns the path of the input of a mistake, whose sample is at {@code offset}. */
    public static String mistakeInput(Lane lane, long offset) {
        return ROOT + lane(lane) + "/mistakes/" + offset + "/input";
    }

    /** Returns the end of the path of a lane, which is the same in the API and on the page. */
    public static String lane(Lane lane) {
        return "/lanes/" + segment(lane.adaptation()) + "/" + segment(lane.domain());
    }

    /** Returns a name as one segment of a path. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
