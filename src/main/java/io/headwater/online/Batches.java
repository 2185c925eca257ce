package io.headwater.online;

import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.PinnedHeads.Absent;
import io.headwater.online.PinnedHeads.Found;
import io.headwater.online.PinnedHeads.Lookup;
import io.headwater.serving.Answering;
import io.headwater.serving.Answering.Answered;
import io.headwater.serving.Answering.Asked;
import io.headwater.serving.Answering.HeadChoice;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServedHeads.Served;
import io.headwater.serving.ServingSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers batches of calls: the base model runs once for all of them, and each head once for its own. The version of each call is
 * chosen before, so that all requests of a call have the same. Used on the role's thread only.
 */
final class Batches {
    private static final Logger LOG = Logger.getLogger(Batches.class);

    private final ServingSetup setup;
    private final ServedHeads heads;
    private final PinnedHeads pinned;
    private final Answering answering;
    private final Answers answers;
    private final OnlineListener listener;

    /**
     * A call, and what chooses the head that answers it.
     *
     * @param isServed whether a head can be chosen
     */
    private record Chosen(Call call, boolean isServed, HeadChoice by) {}

    /** Chooses a head by the first request of a call, and the same for all others, so that one version answers them all. */
    private static final class OneForAll implements HeadChoice {
        private final HeadChoice choice;
        private @Nullable Served chosen;

        OneForAll(HeadChoice choice) {
            this.choice = choice;
        }

        @Override
        public @Nullable Served of(float[] features) {
            Served before = chosen;
            if (before == null) {
                before = choice.of(features);
                chosen = before;
            }
            return before;
        }
    }

    Batches(ServingSetup setup, ServedHeads heads, PinnedHeads pinned, Answers answers, OnlineListener listener) {
        this.setup = setup;
        this.heads = heads;
        this.pinned = pinned;
        this.answering = new Answering(setup);
        this.answers = answers;
        this.listener = listener;
    }

    /** Answers calls, or turns them away; those whose version must be searched for are answered after it was found. */
    void answer(List<Call> calls) {
        List<Chosen> chosen = new ArrayList<>();
        for (Call call : calls) {
            choose(call, chosen);
        }
        if (chosen.isEmpty()) {
            return;
        }
        try {
            complete(chosen);
        } catch (RuntimeException e) {
            // One caller's input must not be the end of another's request.
            LOG.errorf(e, "batch-failed adaptation=%s calls=%d", setup.config().name(), chosen.size());
            chosen.forEach(this::alone);
        }
    }

    private void choose(Call call, List<Chosen> chosen) {
        Long number = call.version();
        if (number != null) {
            Lane lane = new Lane(setup.config().name(), call.domain());
            Served serving = heads.forDomain(call.domain());
            if (serving != null
                    && serving.version().number() == number
                    && serving.version().lane().equals(lane)) {
                chosen.add(new Chosen(call, true, features -> serving));
                return;
            }
            Lookup lookup = pinned.find(lane, number, call);
            if (lookup instanceof Found found) {
                chosen.add(new Chosen(call, true, features -> found.head()));
            } else if (lookup instanceof Absent absent) {
                call.turnAway(absent.cause(), absent.message());
            }
        } else if (heads.mustWait(call.domain())) {
            call.turnAway(
                    Cause.AWAY,
                    "the version that serves domain '%s' cannot be loaded at present; try again"
                            .formatted(call.domain()));
        } else {
            String domain = call.domain();
            chosen.add(new Chosen(
                    call, heads.isServed(domain), new OneForAll(features -> heads.answering(domain, features))));
        }
    }

    private void alone(Chosen one) {
        try {
            complete(List.of(one));
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "call-failed adaptation=%s domain=%s",
                    setup.config().name(),
                    one.call().domain());
            one.call().turnAway(Cause.FAILED, "the request could not be answered; the log of the service says why");
        }
    }

    private void complete(List<Chosen> chosen) {
        long begun = System.nanoTime();
        List<Outcome<Asked>> asked = new ArrayList<>();
        for (Chosen one : chosen) {
            for (Request request : one.call().requests()) {
                asked.add(answering.ask(one.call().domain(), request, one.isServed(), one.by()));
            }
        }
        Iterator<Outcome<Answered>> answered = answering.answers(asked).iterator();
        listener.batched(asked.size(), Duration.ofNanos(System.nanoTime() - begun));
        for (Chosen one : chosen) {
            List<Outcome<Prediction>> outcomes = new ArrayList<>();
            for (int i = 0; i < one.call().requests().size(); i++) {
                Outcome<Answered> answer = answered.next();
                if (answer instanceof Outcome.Rejected<Answered> rejected) {
                    listener.refused(rejected.rejection());
                }
                outcomes.add(answer.then(ok -> Outcome.ok(ok.prediction())));
            }
            answers.complete(one.call(), outcomes);
        }
    }
}
