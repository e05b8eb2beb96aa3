/**
 * Cases that people write for their routes, {@code routes/tests/*.yaml}: {@code given} what comes in, {@code expect} what
 * should become of it.
 *
 * <p>Start with {@link io.firefly.voip.routes.cases.CaseRunner}. {@code CaseFile} reads a file and tells every mistake with
 * its line and column, {@code Verdict} compares what was expected with what happened, {@code Coverage} knows which steps no
 * case reached, {@code JunitXml} writes the report for CI servers. The routes themselves run in {@code camel.rehearsal}.
 *
 * <p>Threads: none of its own.
 */
@NullMarked
package io.firefly.voip.routes.cases;

import org.jspecify.annotations.NullMarked;
