package io.headwater.api;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Bodies;
import io.headwater.api.http.Caller;
import io.headwater.api.http.CrossSite;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.api.inference.InferenceRoutes;
import io.headwater.api.lanes.FeedbackRoutes;
import io.headwater.api.lanes.LanePaths;
import io.headwater.api.lanes.PredictRoutes;
import io.vertx.ext.web.Router;

/** The prediction API: all its paths. */
final class PredictionApi {
    private final Desks desks;
    private final ApiLimits limits;
    private final String release;

    /** @param release the version of this program */
    PredictionApi(Desks desks, ApiLimits limits, String release) {
        this.desks = desks;
        this.limits = limits;
        this.release = release;
    }

    void mount(Router router) {
        Bodies bodies = new Bodies(limits);
        CrossSite guard = new CrossSite();
        router.route("/api/*").handler(guard);
        router.route("/v2/*").handler(guard);
        LanePaths paths = new LanePaths(desks);
        Caller caller = new Caller(limits, bodies, Responses::problem);
        new PredictRoutes(paths, caller).mount(router);
        new FeedbackRoutes(paths, caller).mount(router);
        new InferenceRoutes(desks, new Caller(limits, bodies, InferenceRoutes::problem), release).mount(router);
        router.route("/api/*")
                .handler(context -> Responses.problem(
                        context,
                        Problem.of(
                                404,
                                "Unknown path",
                                "there is nothing at '%s'; predictions are at /api/v1/lanes/ADAPTATION/DOMAIN/predict"
                                        .formatted(context.normalizedPath()))));
    }
}
