package io.headwater.predictor;

import io.headwater.domain.Outcome;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.RecordPreparation;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.intake.TrialResult.Stage;
import io.headwater.kafka.AnsweredRequests;
import io.headwater.kafka.Topics;
import io.headwater.predictor.Reply.LeftToAnother;
import io.headwater.predictor.Reply.Postponed;
import io.headwater.predictor.Reply.Predicted;
import io.headwater.predictor.Reply.Refused;
import io.headwater.predictor.RequestReader.Read;
import io.headwater.serving.Answering;
import io.headwater.serving.Answering.Answered;
import io.headwater.serving.Answering.Asked;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServingSetup;
import io.headwater.task.Featurizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns a batch of requests into predictions, in order, each by the head that serves its lane.
 */
final class Answerer implements RecordPreparation<Reply> {
    private final RequestReader reader;
    private final String adaptation;
    private final ServedHeads heads;
    private final Answering answering;
    private final Featurizer featurizer;
    private final AheadFeatures ahead;

    Answerer(Topics topics, ServingSetup setup, ServedHeads heads, AheadFeatures ahead) {
        this.adaptation = setup.config().name();
        this.reader = new RequestReader(topics, setup.codec(), setup.featurizer(), adaptation);
        this.heads = heads;
        this.answering = new Answering(setup);
        this.featurizer = setup.featurizer();
        this.ahead = ahead;
    }

    /** Returns whether a request must go on waiting. */
    boolean mustWait(Postponed request) {
        return heads.mustWait(request.domain()) && (request.isNamed() || heads.isForUnnamed());
    }

    /** Returns the reply to each request, in order. */
    @Override
    public List<Reply> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Optional<Reply>> unanswered = new ArrayList<>();
        List<Outcome<Asked>> asked = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Outcome<Read> read = reader.read(record);
            Optional<Reply> without = AnsweredRequests.isMarked(record)
                    ? Optional.of(new LeftToAnother(record))
                    : withoutAnswer(record, read);
            unanswered.add(without);
            if (without.isEmpty()) {
                asked.add(read.then(this::serve));
            }
        }
        Iterator<Outcome<Answered>> answers;
        try (AheadFeatures.Batch batch = ahead.of(records)) {
            answers = answering.answers(asked, featurizer.with(batch)).iterator();
        }
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            replies.add(unanswered.get(i).orElseGet(() -> reply(record, answers.next())));
        }
        return replies;
    }

    /** Returns the reply to a request that this adaptation does not answer, or not now. */
    private Optional<Reply> withoutAnswer(ConsumerRecord<byte[], byte[]> record, Outcome<Read> read) {
        String named =
                read instanceof Outcome.Ok<Read> ok ? ok.value().request().adaptation() : "";
        if (!isOurs(named)) {
            return Optional.of(new LeftToAnother(record));
        }
        return read instanceof Outcome.Ok<Read> ok && heads.mustWait(ok.value().domain())
                ? Optional.of(new Postponed(record, ok.value().domain(), !named.isEmpty()))
                : Optional.empty();
    }

    private static Reply reply(ConsumerRecord<byte[], byte[]> record, Outcome<Answered> outcome) {
        if (outcome instanceof Outcome.Rejected<Answered> rejected) {
            return new Refused(record, rejected.rejection());
        }
        Answered answered = ((Outcome.Ok<Answered>) outcome).value();
        return new Predicted(record, answered.prediction(), answered.candidate());
    }

    /** Refuses a request that must not be prepared, unless another adaptation answers it or makes a dead letter of it. */
    @Override
    public Reply reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
        String named = guilty.stage() == Stage.PREPARING && reader.read(record) instanceof Outcome.Ok<Read> ok
                ? ok.value().request().adaptation()
                : "";
        return isOurs(named) && !AnsweredRequests.isMarked(record)
                ? new Refused(record, guilty.rejection())
                : new LeftToAnother(record);
    }

    /**
     * Returns whether this adaptation answers a request that names {@code named}, or makes a dead letter of it: the one that
     * it names, or else the one that has served longest, so that exactly one does.
     */
    private boolean isOurs(String named) {
        return named.isEmpty() ? heads.isForUnnamed() : named.equals(adaptation);
    }

    private Outcome<Asked> serve(Read read) {
        String domain = read.domain();
        return answering.ask(
                domain, read.request(), heads.isServed(domain), features -> heads.answering(domain, features));
    }
}
