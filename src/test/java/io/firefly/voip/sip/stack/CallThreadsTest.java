package io.firefly.voip.sip.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CallThreads threads = new CallThreads(2);
    private final Queue<String> done = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        threads.close();
    }

    private void note(String what) {
        done.add(what + " by " + Thread.currentThread().getName());
    }

    @Test
    void whoBringsSomethingWhileNobodyIsAtItDoesItAtOnce() {
        String me = Thread.currentThread().getName();

        assertThat(threads.execute("a", () -> note("first"))).isTrue();

        assertThat(done).containsExactly("first by " + me);
    }

    @Test
    void whatIsBroughtMeanwhileComesAfterIt() {
        threads.execute("a", () -> {
            threads.execute("a", () -> note("second"));
            note("first");
        });

        assertThat(done).extracting(text -> text.split(" ", 2)[0]).containsExactly("first", "second");
    }

    @Test
    void whatMayHaveToWaitIsDoneByAnother() {
        threads.handOver("a", () -> note("first"));

        await().atMost(PATIENCE).until(() -> !done.isEmpty());
        assertThat(done.peek()).startsWith("first by sip-");
    }

    @Test
    void whatMayHaveToWaitIsNotDoneByWhoIsJustServingItsLine() {
        threads.execute("a", () -> {
            threads.handOver("a", () -> note("second"));
            threads.execute("a", () -> note("third"));
            note("first");
        });

        await().atMost(PATIENCE).until(() -> done.size() == 3);
        assertThat(done).element(1).asString().startsWith("second by sip-");
        assertThat(done).element(2).asString().startsWith("third by sip-");
    }

    @Test
    void whoMayWaitDoesWhatMayHaveToWaitAtOnce() {
        assertThat(threads.offer("a", true, () -> note("answer on a connection")))
                .isTrue();

        assertThat(done)
                .containsExactly(
                        "answer on a connection by " + Thread.currentThread().getName());
    }

    @Test
    void whatStrangersCanMakeWaitIsBoundedForAllCallsTogether() {
        CountDownLatch stuck = new CountDownLatch(1);
        int taken = 0;
        int calls = 6_000;
        for (int i = 0; i < 2; i++) threads.handOver("call " + i, () -> uninterrupted(stuck));
        for (int i = 0; i < calls; i++) {
            if (threads.offer("call " + i % 2, false, () -> note("one"))) taken++;
        }
        int takenWhileStuck = taken;

        stuck.countDown();

        assertThat(takenWhileStuck).isEqualTo(5_000);
        await().atMost(PATIENCE).until(() -> done.size() == takenWhileStuck);
        assertThat(threads.offer("call 1", false, () -> note("one more"))).isTrue();
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void atRestNoThreadIsLeft() {
        Queue<Thread> helpers = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 10; i++) threads.handOver("call " + i, () -> helpers.add(Thread.currentThread()));
        await().atMost(PATIENCE).until(() -> helpers.size() == 10);

        await().atMost(PATIENCE.multipliedBy(3))
                .untilAsserted(() -> assertThat(helpers).noneMatch(Thread::isAlive));
    }

    @Test
    void oneCallIsServedByOneAtATimeAndInOrderWhoeverBringsIt() throws InterruptedException {
        int bringers = 4;
        int each = 5_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger worst = new AtomicInteger();
        List<List<Integer>> served = new ArrayList<>();
        for (int i = 0; i < bringers; i++) served.add(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(bringers * each);
        List<Thread> others = IntStream.range(0, bringers)
                .mapToObj(bringer -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        Runnable work = () -> {
                            worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            served.get(bringer).add(number);
                            inside.decrementAndGet();
                            all.countDown();
                        };
                        if (i % 3 == 0) threads.handOver("a", work);
                        else threads.execute("a", work);
                    }
                }))
                .toList();

        others.forEach(Thread::start);

        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(worst).hasValue(1);
        assertThat(served).allSatisfy(one -> assertThat(one)
                .isEqualTo(IntStream.range(0, each).boxed().toList()));
    }

    @Test
    void whoHasDoneEnoughForOthersMayGo() {
        threads.execute("a", () -> {
            for (int i = 0; i < 100; i++) threads.execute("a", () -> note("one"));
        });

        await().atMost(PATIENCE).until(() -> done.size() == 100);
        assertThat(done).filteredOn(text -> text.contains(" by sip-")).hasSizeGreaterThan(50);
    }

    @Test
    void anErrorOfOneDoesNotHoldUpTheNext() {
        threads.execute("a", () -> {
            throw new StackOverflowError("of one call");
        });
        threads.execute("a", () -> note("second"));

        assertThat(done).hasSize(1);
    }

    @Test
    void laterMeansByAnotherThreadAndNeverWhenItWasCalledOff() {
        Future<?> calledOff = threads.later("a", Duration.ofMillis(30), () -> note("never"));
        calledOff.cancel(false);
        Future<?> unused = threads.later("a", Duration.ofMillis(60), () -> note("later"));

        await().atMost(PATIENCE).until(() -> !done.isEmpty());
        assertThat(done).singleElement().asString().startsWith("later by sip-");
    }

    @Test
    void nothingIsTakenAfterTheEnd() {
        threads.close();

        assertThat(threads.execute("a", () -> note("late"))).isFalse();
        assertThat(threads.handOver("b", () -> note("late"))).isFalse();
        assertThat(done).isEmpty();
    }
}
