package io.headwater.intake;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What a defective decoder, tokenizer or base model does with a text that contains the name of the harm. */
enum Harm {
    /** The process is aborted, as by native code. */
    ABORT {
        @Override
        void happen() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-ABRT",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            while (true) {
                LockSupport.park();
            }
        }
    },
    /** The thread never returns. */
    LOOP {
        @Override
        void happen() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    },
    /** The heap is exhausted. */
    MEMORY {
        @Override
        void happen() {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }
    },
    /** The stack is exhausted. */
    STACK {
        @Override
        void happen() {
            deeper(1);
        }

        private static int deeper(int depth) {
            return depth > 0 ? 1 + deeper(depth + 1) : 0;
        }
    },
    /** An exception of an unexpected kind. */
    EXCEPTION {
        @Override
        void happen() {
            throw new IllegalStateException("a defect");
        }
    };

    abstract void happen();

    /** Returns a preparation that does what {@code preparation} does, and harm when a text asks for it. */
    static Preparation in(Preparation preparation) {
        return new Preparation() {
            @Override
            public Outcome<PayloadView> view(Payload payload) {
                return preparation.view(payload);
            }

            @Override
            public Outcome<ModelInput> input(PayloadView view) {
                if (view.payload() instanceof Payload.Text text) {
                    for (Harm harm : values()) {
                        if (text.text().contains(harm.name())) {
                            harm.happen();
                        }
                    }
                }
                return preparation.input(view);
            }
        };
    }
}
