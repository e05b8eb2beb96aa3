/**
 * What people ask of route files without starting an exchange: the verb {@code routes} with {@code check},
 * {@code explain}, {@code test} and {@code graph}, and {@code RouteExplainer} for the same question over HTTP.
 *
 * <p>Start with {@link io.firefly.voip.routes.RoutesCommand}. Everything runs in {@code camel.rehearsal}; here are the words
 * for people ({@code RunText}, {@code RouteDrawing}) and for programs ({@code RunFacts}). {@code RecordedCall} makes a
 * question of a call that was.
 *
 * <p>Threads: the caller's own; a rehearsal has one. Exit codes: 0 good, 1 not, 2 the command line is wrong.
 */
@NullMarked
package io.firefly.voip.routes;

import org.jspecify.annotations.NullMarked;
