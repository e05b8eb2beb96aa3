/**
 * One closing record per call, exactly once: a JSON line in {@code data/cdr}, one file per day (UTC, by the end of the
 * call).
 *
 * <p>Start with {@link io.firefly.voip.cdr.CdrWriter}; {@code JsonLineCdrWriter} stands behind it. Runs on whatever
 * thread handles {@code call:ended}, never on a media or signalling thread, because it waits for the disk. A record
 * that cannot be kept goes to the folder {@code data/cdr-spool}, in the same form, or waits in memory; a log is no
 * place for numbers.
 */
@NullMarked
package io.firefly.voip.cdr;

import org.jspecify.annotations.NullMarked;
