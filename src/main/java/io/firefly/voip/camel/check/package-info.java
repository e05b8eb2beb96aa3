/**
 * Judges a set of route files without starting anything; what passes here can be served.
 *
 * <p>Start with {@code RouteCheck}: file names and texts in, refusals out. {@code RouteFile} takes a file apart,
 * {@code SetRules} knows what concerns several files, {@code DryRun} builds the set in a scratch Camel context with the
 * real schemes ({@code SchemeOnTrial}), {@code Diagnosis} finds the place and the words for what Camel throws,
 * {@code DidYouMean} guesses. A {@code Refusal} is shown as compilers do it: place, line, mark.
 *
 * <p>Used by the reload before a swap, and by the command line without Spring. Threads: none of its own; nothing is
 * shared between two checks.
 */
@NullMarked
package io.firefly.voip.camel.check;

import org.jspecify.annotations.NullMarked;
