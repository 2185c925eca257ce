package io.headwater.api;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Bodies;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Guards;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.api.inference.GrpcFrames;
import io.headwater.api.inference.GrpcRoutes;
import io.headwater.api.inference.InferenceRoutes;
import io.headwater.api.inference.Models;
import io.headwater.api.lanes.FeedbackRoutes;
import io.headwater.api.lanes.LanePaths;
import io.headwater.api.lanes.PredictRoutes;
import io.vertx.ext.web.Router;
import java.util.List;

/** The prediction API: all its paths. */
final class PredictionApi {
    private final Desks desks;
    private final ApiLimits limits;
    private final Guards guards;
    private final String release;

    /** @param release the version of this program */
    PredictionApi(Desks desks, ApiLimits limits, Guards guards, String release) {
        this.desks = desks;
        this.limits = limits;
        this.guards = guards;
        this.release = release;
    }

    void mount(Router router) {
        Bodies bodies = new Bodies(limits);
        guards.mount(router, List.of("/api/*"), Responses::problem);
        guards.mount(router, List.of("/v2/*"), InferenceRoutes::problem);
        guards.mount(router, List.of(GrpcRoutes.PATHS + "*"), GrpcFrames::problem);
        LanePaths paths = new LanePaths(desks);
        Caller caller = new Caller(limits, bodies, Responses::problem);
        new PredictRoutes(paths, caller).mount(router);
        new FeedbackRoutes(paths, caller).mount(router);
        Models models = new Models(desks, release);
        new InferenceRoutes(models, new Caller(limits, bodies, InferenceRoutes::problem)).mount(router);
        new GrpcRoutes(models, new Caller(limits, bodies, GrpcFrames::problem)).mount(router);
        router.route("/api/*")
                .last()
                .handler(context -> Responses.problem(
                        context,
                        Problem.of(
                                404,
                                "Unknown path",
                                "there is nothing at '%s'; predictions are at /api/v1/lanes/ADAPTATION/DOMAIN/predict"
                                        .formatted(context.normalizedPath()))));
    }
}
